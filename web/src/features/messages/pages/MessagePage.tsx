/** One message in the designer. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Page } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { messageQuery } from '../api';
import { Designer } from '../parts/Designer';

export function MessagePage() {
  const { id } = useParams({ from: '/_app/messages/$id' });
  const query = useQuery(messageQuery(Number(id)));
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  if (query.isPending) {
    return (
      <Page>
        <LoadingRows />
      </Page>
    );
  }
  return <Designer key={id} message={query.data} />;
}
