/** A deal on the board: what it is, for whom, what it is worth, and what is next. */
import { ActionIcon, Avatar, Badge, Group, Menu, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import {
  IconArrowRight,
  IconCalendarOff,
  IconClock,
  IconDots,
  IconThumbDown,
  IconTrash,
  IconTrophy,
} from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Deal, Stage } from '@/pickers/deals/api';
import { formatMoney } from '@/pickers/deals/money';
import { isOver, taskIcons } from '@/pickers/deals/TaskRow';
import { LinkAnchor } from '@/ui/links';
import type { Direction } from '../board';
import classes from '../deals.module.css';
import { useCardDrag } from '../dragging';

export type CardActions = {
  onStep: (deal: Deal, direction: Direction) => void;
  onStage: (deal: Deal, stageId: number) => void;
  onWin: (deal: Deal) => void;
  onLose: (deal: Deal) => void;
  onDelete: (deal: Deal) => void;
};

const arrows: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const daysSince = (iso: string) => Math.floor((Date.now() - new Date(iso).getTime()) / 86_400_000);

type Props = { deal: Deal; stages: Stage[]; mayEdit: boolean; actions: CardActions };

export function DealCard({ deal, stages, mayEdit, actions }: Props) {
  const { t } = useTranslation('deals');
  const { ref, isDragging, edge } = useCardDrag(deal, !mayEdit);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = arrows[event.key];
    if (!direction || !event.altKey || !mayEdit) return;
    event.preventDefault();
    actions.onStep(deal, direction);
  };
  return (
    <li className={classes.slot}>
      {edge && <span className={classes.line} data-edge={edge} />}
      <article
        ref={ref}
        className={classes.card}
        data-drag={isDragging || undefined}
        data-fixed={!mayEdit || undefined}
        data-testid={`deal-${deal.id}`}
      >
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap={4}>
          <div className={classes.cardText}>
            <LinkAnchor
              className={classes.cardTitle}
              to="/deals/$id"
              params={{ id: String(deal.id) }}
              data-deal={deal.id}
              aria-describedby={mayEdit ? 'deal-keys' : undefined}
              draggable={false}
              onKeyDown={onKeyDown}
            >
              {deal.title}
            </LinkAnchor>
            <Text size="xs" c="dimmed" truncate>
              {[deal.company_name, deal.contact_name].filter(Boolean).join(' · ') || t('card.nobody')}
            </Text>
          </div>
          {mayEdit && <CardMenu deal={deal} stages={stages} actions={actions} />}
        </Group>
        <Text fw={650} fz={15} my={6} className="num">
          {formatMoney(deal.value, deal.currency)}
        </Text>
        <Group gap={6} wrap="nowrap" justify="space-between">
          <Group gap={6} className={classes.marks}>
            <NextTask deal={deal} />
            {deal.is_stale && (
              <Tooltip label={t('card.stale')}>
                <Badge variant="light" color="orange" leftSection={<IconClock size={12} />}>
                  {t('card.days', { count: daysSince(deal.touched_at) })}
                </Badge>
              </Tooltip>
            )}
            <Age deal={deal} />
            {deal.status !== 'open' && (
              <Badge variant="light" color={deal.status === 'won' ? 'teal' : 'gray'}>
                {t(`status.${deal.status}`)}
              </Badge>
            )}
          </Group>
          {deal.owner_name && (
            <Tooltip label={deal.owner_name}>
              <Avatar size={22} name={deal.owner_name} color="initials" alt={deal.owner_name} />
            </Tooltip>
          )}
        </Group>
      </article>
    </li>
  );
}

/** For how long the deal has been in its stage. */
function Age({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  const count = daysSince(deal.stage_entered_at);
  if (deal.status !== 'open' || deal.is_stale || count < 1) return null;
  return (
    <Tooltip label={t('card.age', { count })}>
      <Text size="xs" c="dimmed" className="num">
        <span aria-hidden>{t('card.ageShort', { count })}</span>
        <VisuallyHidden>{t('card.age', { count })}</VisuallyHidden>
      </Text>
    </Tooltip>
  );
}

function NextTask({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  if (deal.status !== 'open') return null;
  if (!deal.next_task) {
    return (
      <Badge variant="light" color="yellow" leftSection={<IconCalendarOff size={12} />}>
        {t('card.noTask')}
      </Badge>
    );
  }
  const Icon = taskIcons[deal.next_task.type];
  return (
    <Badge
      variant="light"
      color={isOver(deal.next_task.due_at) ? 'red' : 'gray'}
      leftSection={<Icon size={12} />}
      className={classes.next}
    >
      {deal.next_task.title}
    </Badge>
  );
}

function CardMenu({ deal, stages, actions }: Omit<Props, 'mayEdit'>) {
  const { t } = useTranslation('deals');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t('card.actions', { title: deal.title })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {deal.status === 'open' && (
          <>
            <Menu.Item leftSection={<IconTrophy size={15} />} onClick={() => actions.onWin(deal)}>
              {t('win')}
            </Menu.Item>
            <Menu.Item leftSection={<IconThumbDown size={15} />} onClick={() => actions.onLose(deal)}>
              {t('lose')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Label>{t('card.move')}</Menu.Label>
        {stages
          .filter((stage) => stage.id !== deal.stage_id)
          .map((stage) => (
            <Menu.Item
              key={stage.id}
              leftSection={<IconArrowRight size={15} />}
              onClick={() => actions.onStage(deal, stage.id)}
            >
              {stage.name}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => actions.onDelete(deal)}>
          {t('delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
