/** A segment that does not exist yet; it may begin with the filter of the contact list. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import { toast } from '@/ui/toast';
import { useCreateSegment } from '../api';
import { SegmentEditor } from '../parts/SegmentEditor';

export function NewSegmentPage() {
  const { t } = useTranslation('segments');
  const { condition } = useSearch({ from: '/_app/segments/new' });
  const navigate = useNavigate();
  const create = useCreateSegment();
  return (
    <SegmentEditor
      initial={{ name: '', condition: (condition as ConditionNode | undefined) ?? { match: 'all', conditions: [] } }}
      save={create}
      saveLabel={t('create')}
      onSaved={(made) => {
        toast(t('created', { name: made.name }));
        void navigate({ to: '/segments/$id', params: { id: String(made.id) }, replace: true });
      }}
    />
  );
}
