/** The bar that floats over the list while contacts are selected. */
import { ActionIcon, Button, Menu, Paper, Text, Transition } from '@mantine/core';
import {
  IconBolt,
  IconDots,
  IconTag,
  IconTagOff,
  IconTrash,
  IconUserCircle,
  IconUserMinus,
  IconUserPlus,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import type { EditAction } from '@/pickers/bulk-edit/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import classes from '../contacts.module.css';
import { type BulkTarget, useBulkOn } from '../use-bulk';
import { ChooseDialog } from './ChooseDialog';

type Asked = Exclude<EditAction, 'set_field'>;
type Kind = 'tag' | 'list' | 'user' | 'automation';

const kinds: Record<Exclude<Asked, 'delete'>, { kind: Kind; param: string }> = {
  add_tag: { kind: 'tag', param: 'tag_id' },
  remove_tag: { kind: 'tag', param: 'tag_id' },
  subscribe: { kind: 'list', param: 'list_id' },
  unsubscribe: { kind: 'list', param: 'list_id' },
  set_owner: { kind: 'user', param: 'owner_id' },
  enroll: { kind: 'automation', param: 'automation_id' },
};

type Props = {
  count: number;
  target: BulkTarget;
  /** Offers to take everything that matches, not only what is loaded. */
  onSelectAll?: () => void;
  total: number | null;
  onClear: () => void;
};

export function BulkBar({ count, target, onSelectAll, total, onClear }: Props) {
  const { t } = useTranslation('contacts');
  const [asked, setAsked] = useState<Asked | null>(null);
  const bulk = useBulkOn(target);
  const number = formatNumber(count);
  const takeBack = (id: number) =>
    bulk.undo.mutate(id, {
      onSuccess: ({ undone, kept }) =>
        toast(t(kept > 0 ? 'bulk.partlyUndone' : 'bulk.undone', { count: undone, number: formatNumber(undone), kept })),
      onError: toastError,
    });
  const run = (action: Asked, id?: number) =>
    bulk
      .run(action, action === 'delete' || id === undefined ? {} : { [kinds[action].param]: id })
      .then((edit) => {
        const done = t(`bulk.done.${action}`, { count: edit.changed, number: formatNumber(edit.changed) });
        if (edit.changed > 0) toastUndo(done, t('profile.undo'), () => takeBack(edit.id));
        else toast(done);
        setAsked(null);
        onClear();
      })
      .catch(toastError);

  return (
    <>
      <Transition mounted={count > 0} transition="slide-up" duration={160}>
        {(style) => (
          <Paper className={classes.bulk} style={style} shadow="lg" role="region" aria-label={t('bulk.label')}>
            <Text size="sm" fw={600} className="num" px={6} style={{ whiteSpace: 'nowrap' }} aria-live="polite">
              {bulk.progress === null || !bulk.isPending
                ? t('bulk.selected', { number })
                : t('bulk.progress', { percent: Math.round(bulk.progress * 100) })}
            </Text>
            {onSelectAll && total !== null && (
              <Button size="xs" variant="light" onClick={onSelectAll}>
                {t('bulk.all', { number: formatNumber(total) })}
              </Button>
            )}
            <Button size="xs" variant="default" leftSection={<IconTag size={14} />} onClick={() => setAsked('add_tag')}>
              {t('bulk.addTag')}
            </Button>
            <Button
              size="xs"
              variant="default"
              visibleFrom="sm"
              leftSection={<IconUserPlus size={14} />}
              onClick={() => setAsked('subscribe')}
            >
              {t('bulk.subscribe')}
            </Button>
            <Menu position="top-end">
              <Menu.Target>
                <ActionIcon variant="default" size={30} aria-label={t('bulk.more')}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  hiddenFrom="sm"
                  leftSection={<IconUserPlus size={15} />}
                  onClick={() => setAsked('subscribe')}
                >
                  {t('bulk.subscribe')}
                </Menu.Item>
                <Menu.Item leftSection={<IconTagOff size={15} />} onClick={() => setAsked('remove_tag')}>
                  {t('bulk.removeTag')}
                </Menu.Item>
                <Menu.Item leftSection={<IconUserMinus size={15} />} onClick={() => setAsked('unsubscribe')}>
                  {t('bulk.unsubscribe')}
                </Menu.Item>
                <Menu.Item leftSection={<IconUserCircle size={15} />} onClick={() => setAsked('set_owner')}>
                  {t('bulk.setOwner')}
                </Menu.Item>
                <Menu.Item leftSection={<IconBolt size={15} />} onClick={() => setAsked('enroll')}>
                  {t('bulk.enroll')}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setAsked('delete')}>
                  {t('bulk.delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <ActionIcon aria-label={t('bulk.clear')} onClick={onClear}>
              <IconX size={16} />
            </ActionIcon>
          </Paper>
        )}
      </Transition>
      {asked && asked !== 'delete' && (
        <ChooseDialog
          kind={kinds[asked].kind}
          title={t(`bulk.title.${asked}`, { count, number })}
          action={t(`bulk.action.${asked}`)}
          isLoading={bulk.isPending}
          mayCreate={asked === 'add_tag' || asked === 'subscribe'}
          onChoose={(id) => void run(asked, id)}
          onClose={() => setAsked(null)}
        />
      )}
      <ConfirmDialog
        opened={asked === 'delete'}
        title={t('bulk.title.delete', { count, number })}
        action={t('bulk.action.delete')}
        loading={bulk.isPending}
        onConfirm={() => void run('delete')}
        onClose={() => setAsked(null)}
      >
        {t('bulk.deleteText')}
      </ConfirmDialog>
    </>
  );
}
