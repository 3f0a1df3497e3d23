/** One segment: its conditions, who is in it, who came and went. */
import { IconTargetOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { LinkButton } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast } from '@/ui/toast';
import { type Segment, segmentQuery, useUpdateSegment } from '../api';
import { SegmentEditor } from '../parts/SegmentEditor';
import { SegmentMenu } from '../parts/SegmentMenu';
import { SegmentTabs } from '../parts/SegmentTabs';
import { StateBadge } from '../parts/StateBadge';
import { UsedBy } from '../parts/UsedBy';

export function SegmentPage() {
  const { t } = useTranslation('segments');
  const { id } = useParams({ from: '/_app/segments/$id' });
  const query = useQuery(segmentQuery(Number(id)));
  if (query.isPending) return <LoadingRows count={8} />;
  if (isStatus(query.error, 404)) {
    return (
      <EmptyView
        isPage
        icon={<IconTargetOff size={26} stroke={1.6} />}
        title={t('gone')}
        description={t('goneText')}
        actions={<LinkButton to="/segments">{t('back')}</LinkButton>}
      />
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  return <One key={query.data.id} segment={query.data} />;
}

function One({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segments');
  const update = useUpdateSegment(segment.id);
  return (
    <SegmentEditor
      initial={{ name: segment.name, condition: segment.condition }}
      save={update}
      saveLabel={t('save')}
      onSaved={() => toast(t('saved'))}
      menu={
        <>
          <StateBadge segment={segment} />
          <SegmentMenu segment={segment} size={34} variant="default" />
        </>
      }
      aside={<UsedBy segmentId={segment.id} />}
    >
      {(condition) => <SegmentTabs segment={segment} condition={condition} />}
    </SegmentEditor>
  );
}
