/** While a card is dragged: drop it here to say that the deal was won or lost. */
import { IconThumbDown, IconTrophy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '../deals.module.css';
import { type Outcome, useOutcomeDrop } from '../dragging';

const icons = { won: IconTrophy, lost: IconThumbDown };

/** They are there all the time, so that a drag that has begun finds them; menu and page do the same without a mouse. */
export function Outcomes({ isShown }: { isShown: boolean }) {
  return (
    <div className={classes.outcomes} data-on={isShown || undefined} aria-hidden>
      <Zone status="won" isShown={isShown} />
      <Zone status="lost" isShown={isShown} />
    </div>
  );
}

function Zone({ status, isShown }: { status: Outcome; isShown: boolean }) {
  const { t } = useTranslation('deals');
  const { ref, isOver } = useOutcomeDrop(status);
  const Icon = icons[status];
  return (
    <div
      ref={ref}
      className={classes.outcome}
      data-status={status}
      data-over={isOver || undefined}
      data-testid={`outcome-${status}`}
    >
      {isShown && (
        <>
          <Icon size={18} stroke={1.8} /> {t(`status.${status}`)}
        </>
      )}
    </div>
  );
}
