/** A stage of the board with its deals; more come when asked for. */
import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconLayoutKanban, IconPlus } from '@tabler/icons-react';
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
  isLoadingMore: boolean;
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
        <Tooltip label={t('weighted', { sum: formatSums(column.weighted) || '0', share: stage.probability })}>
          <Text size="sm" fw={600} className={`num ${classes.colSum}`}>
            {formatSums(column.values)}
          </Text>
        </Tooltip>
        {mayEdit && (
          <ActionIcon size="sm" aria-label={t('addTo', { stage: stage.name })} onClick={onAdd}>
            <IconPlus size={15} />
          </ActionIcon>
        )}
      </header>
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
            <li>
              <Button fullWidth size="xs" variant="default" loading={isLoadingMore} onClick={onMore}>
                {t('more', { count: column.count - column.deals.length })}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
