/** A stage of the board with its deals; more come when the end of the column is near. */
import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { IconLayoutKanban, IconPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stage } from '@/pickers/deals/api';
import { formatSums } from '@/pickers/deals/money';
import type { Column } from '../api';
import classes from '../deals.module.css';
import { useColumnDrop } from '../dragging';
import { type CardActions, DealCard } from './DealCard';

type Props = {
  stage: Stage;
  column: Column;
  stages: Stage[];
  mayEdit: boolean;
  actions: CardActions;
  /** Null after it failed: then it waits for being pressed. */
  isLoadingMore: boolean | null;
  onMore: () => void;
  onAdd: () => void;
};

export function BoardColumn({ stage, column, stages, mayEdit, actions, isLoadingMore, onMore, onAdd }: Props) {
  const { t } = useTranslation('deals');
  const { ref, isOver } = useColumnDrop(stage.id);
  const heading = `stage-${stage.id}`;
  return (
    <section
      ref={ref}
      className={classes.column}
      data-over={isOver || undefined}
      aria-labelledby={heading}
      data-testid={heading}
    >
      <header className={classes.colHead}>
        <i style={{ background: stage.color }} />
        <h2 id={heading} className={classes.colName}>
          {stage.name}
        </h2>
        <Text size="sm" c="dimmed" className="num">
          {column.count}
        </Text>
        <Text size="sm" fw={600} className={`num ${classes.colSum}`}>
          {formatSums(column.values)}
        </Text>
        {mayEdit && (
          <ActionIcon size="sm" aria-label={t('addTo', { stage: stage.name })} onClick={onAdd}>
            <IconPlus size={15} />
          </ActionIcon>
        )}
      </header>
      <Tooltip label={t('weighted', { share: stage.probability })} position="bottom-start">
        <Text size="xs" c="dimmed" className={`num ${classes.colWeighted}`}>
          {column.count > 0 ? t('sumWeighted', { sum: formatSums(column.weighted) }) : t('nothing')}
        </Text>
      </Tooltip>
      {column.deals.length === 0 ? (
        <div className={classes.empty}>
          <IconLayoutKanban size={20} stroke={1.5} aria-hidden />
          {t(mayEdit ? 'drop' : 'nothing')}
        </div>
      ) : (
        <ul className={classes.cards} tabIndex={0} aria-labelledby={heading}>
          {column.deals.map((deal) => (
            <DealCard key={deal.id} deal={deal} stages={stages} mayEdit={mayEdit} actions={actions} />
          ))}
          {column.next !== null && (
            <More count={column.count - column.deals.length} isLoading={isLoadingMore} onMore={onMore} />
          )}
        </ul>
      )}
    </section>
  );
}

/** Asks for more as soon as it is nearly seen. */
function More({ count, isLoading, onMore }: { count: number; isLoading: boolean | null; onMore: () => void }) {
  const { t } = useTranslation('deals');
  const { ref, entry } = useIntersection<HTMLLIElement>({ rootMargin: '300px' });
  const isNear = entry?.isIntersecting ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new count is a new end of the column
  useEffect(() => {
    if (isNear && isLoading === false) onMore();
  }, [isNear, isLoading, count]);
  return (
    <li ref={ref}>
      <Button fullWidth size="xs" variant="default" loading={isLoading ?? false} onClick={onMore}>
        {t('more', { count })}
      </Button>
    </li>
  );
}
