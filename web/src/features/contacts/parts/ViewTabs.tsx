/** Subscription statuses and saved views as tabs, and what can be done with the view at hand. */
import { Button, Menu, Tabs } from '@mantine/core';
import { IconBookmark, IconDeviceFloppy, IconPencil, IconPlus, IconTrash, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import classes from '../contacts.module.css';
import list from '../list.module.css';
import { useDeleteView, useUpdateView, type View, type ViewInput } from '../list-api';
import { type ContactSearch, statuses } from '../model';
import { ViewDialog } from './ViewDialog';

type Props = {
  search: ContactSearch;
  views: View[];
  /** The list as it stands, for saving it as a view. */
  current: Omit<ViewInput, 'name' | 'is_shared'>;
  isChanged: boolean;
  mayEdit: boolean;
  onChoose: (search: ContactSearch) => void;
};

export function ViewTabs({ search, views, current, isChanged, mayEdit, onChoose }: Props) {
  const { t } = useTranslation('contacts');
  const view = views.find((item) => item.id === search.view);
  const choose = (value: string | null) => {
    const found = views.find((item) => `view-${item.id}` === value);
    onChoose(found ? { view: found.id } : { status: statuses.find((status) => status === value) });
  };
  return (
    <div className={list.views}>
      <Tabs value={view ? `view-${view.id}` : (search.status ?? 'all')} onChange={choose}>
        <Tabs.List className={classes.tabs} aria-label={t('views.label')}>
          <Tabs.Tab value="all">{t('filter.all')}</Tabs.Tab>
          {statuses.map((status) => (
            <Tabs.Tab key={status} value={status}>
              {t(`status.${status}`)}
            </Tabs.Tab>
          ))}
          {views.map((item) => (
            <Tabs.Tab
              key={item.id}
              value={`view-${item.id}`}
              leftSection={item.is_shared ? <IconUsers size={14} /> : <IconBookmark size={14} />}
            >
              {item.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {mayEdit && (view || isChanged) && (
        <ViewMenu view={view} current={current} isChanged={isChanged} onChoose={onChoose} />
      )}
    </div>
  );
}

type MenuProps = Pick<Props, 'current' | 'isChanged' | 'onChoose'> & { view: View | undefined };

function ViewMenu({ view, current, isChanged, onChoose }: MenuProps) {
  const { t } = useTranslation('contacts');
  const [dialog, setDialog] = useState<'new' | 'edit' | 'delete' | null>(null);
  const { user } = useSession();
  const isMine = view?.owner_id === user.id;
  const update = useUpdateView();
  const remove = useDeleteView();
  const save = () =>
    view &&
    update.mutate(
      { id: view.id, ...current },
      {
        onSuccess: () => {
          toast(t('views.saved', { name: view.name }));
          onChoose({ view: view.id });
        },
        onError: toastError,
      },
    );
  const close = () => setDialog(null);
  return (
    <>
      {view ? (
        <Menu>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant={isChanged ? 'light' : 'default'}
              leftSection={<IconBookmark size={14} />}
            >
              {isChanged ? t('views.changed') : t('views.menu')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {isChanged && isMine && (
              <Menu.Item leftSection={<IconDeviceFloppy size={15} />} onClick={save}>
                {t('views.save', { name: view.name })}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => setDialog('new')}>
              {t('views.saveNew')}
            </Menu.Item>
            {isMine && (
              <>
                <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setDialog('edit')}>
                  {t('views.edit')}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setDialog('delete')}>
                  {t('views.delete')}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconBookmark size={14} />}
          onClick={() => setDialog('new')}
        >
          {t('views.saveThis')}
        </Button>
      )}
      {dialog === 'new' && (
        <ViewDialog current={current} onDone={(made) => onChoose({ view: made.id })} onClose={close} />
      )}
      {dialog === 'edit' && view && <ViewDialog view={view} onDone={close} onClose={close} />}
      <ConfirmDialog
        opened={dialog === 'delete' && view !== undefined}
        title={t('views.deleteTitle', { name: view?.name ?? '' })}
        action={t('views.delete')}
        loading={remove.isPending}
        onClose={close}
        onConfirm={() =>
          view &&
          remove.mutate(view.id, {
            onSuccess: () => {
              close();
              onChoose({});
            },
            onError: toastError,
          })
        }
      >
        {t('views.deleteText')}
      </ConfirmDialog>
    </>
  );
}
