/** Custom fields in their groups: order by dragging, usage, and the forms of both. */
import { Button, Card, Modal } from '@mantine/core';
import { IconFolderPlus, IconForms, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { type Field, fieldsQuery } from '@/pickers/api';
import { DeleteDialog } from '@/pickers/DeleteDialog';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Section, sectionsOf } from '../field-order';
import { FieldForm } from '../parts/FieldForm';
import { FieldSections } from '../parts/FieldSections';
import { GroupDialog } from '../parts/GroupDialog';
import { StructureFrame } from '../parts/StructureFrame';
import { fieldUsageQuery, groupsQuery, useDelete, useDeleteGroup, useOrderFields } from '../structure-api';

export function FieldsPage() {
  const { t } = useTranslation(['contacts', 'privacy']);
  const fields = useQuery(fieldsQuery);
  const groups = useQuery(groupsQuery);
  const usage = useQuery(fieldUsageQuery);
  const [edited, setEdited] = useState<Field | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Field | null>(null);
  const [group, setGroup] = useState<Section | 'new' | null>(null);
  const [deletedGroup, setDeletedGroup] = useState<Section | null>(null);
  const order = useOrderFields();
  const remove = useDelete('fields');
  const removeGroup = useDeleteGroup();
  const mayEdit = useMay('editor');
  const error = fields.error ?? groups.error;
  const retry = () => {
    void fields.refetch();
    void groups.refetch();
  };
  const addButton = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t('structure.fields.add')}
    </Button>
  );
  const actions = mayEdit && (
    <>
      <Button variant="default" leftSection={<IconFolderPlus size={16} />} onClick={() => setGroup('new')}>
        {t('fields.newGroup', { ns: 'privacy' })}
      </Button>
      {addButton}
    </>
  );
  return (
    <StructureFrame kind="fields" actions={actions}>
      {error ? (
        <ErrorView error={error} onRetry={retry} />
      ) : !fields.data || !groups.data ? (
        <LoadingRows count={6} />
      ) : fields.data.items.length + groups.data.items.length === 0 ? (
        <Card padding={0}>
          <EmptyView
            icon={<IconForms size={26} stroke={1.6} />}
            title={t('structure.fields.emptyTitle')}
            description={t('structure.fields.emptyText')}
            actions={addButton}
          />
        </Card>
      ) : (
        <FieldSections
          sections={sectionsOf(fields.data.items, groups.data.items, t('fields.none', { ns: 'privacy' }))}
          usage={usage.data}
          mayEdit={mayEdit}
          onOrder={(body) => order.mutate(body, { onError: toastError })}
          onEdit={setEdited}
          onDelete={setDeleted}
          onRenameGroup={setGroup}
          onDeleteGroup={setDeletedGroup}
        />
      )}
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? t('structure.fields.add') : (edited?.name ?? '')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        {edited !== null && <FieldForm field={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      </Modal>
      {group !== null && <GroupDialog group={group === 'new' ? null : group} onClose={() => setGroup(null)} />}
      <DeleteDialog
        noun="field"
        id={deleted?.id ?? null}
        title={t('structure.fields.deleteTitle', { name: deleted?.name ?? '' })}
        action={t('structure.delete')}
        loading={remove.isPending}
        onConfirm={() =>
          deleted && remove.mutate(deleted.id, { onSuccess: () => setDeleted(null), onError: toastError })
        }
        onClose={() => setDeleted(null)}
      >
        {t('structure.fields.deleteText')}
      </DeleteDialog>
      <ConfirmDialog
        opened={deletedGroup !== null}
        title={t('fields.deleteGroupTitle', { ns: 'privacy', name: deletedGroup?.name ?? '' })}
        action={t('fields.deleteGroup', { ns: 'privacy' })}
        loading={removeGroup.isPending}
        onConfirm={() =>
          deletedGroup?.id &&
          removeGroup.mutate(deletedGroup.id, { onSuccess: () => setDeletedGroup(null), onError: toastError })
        }
        onClose={() => setDeletedGroup(null)}
      >
        {t('fields.deleteGroupText', { ns: 'privacy' })}
      </ConfirmDialog>
    </StructureFrame>
  );
}
