/** One automation on its canvas. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { registryQuery } from '@/pickers/api';
import { Page } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { automationQuery } from '../api';
import { Builder } from '../parts/Builder';

export function AutomationPage() {
  const { id } = useParams({ from: '/_app/automations/$id' });
  const query = useQuery(automationQuery(Number(id)));
  const registry = useQuery(registryQuery);
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  if (registry.isError)
    return <ErrorView error={registry.error} onRetry={() => void registry.refetch()} height={520} />;
  if (query.isPending || registry.isPending) {
    return (
      <Page>
        <LoadingRows />
      </Page>
    );
  }
  return <Builder key={id} automation={query.data} registry={registry.data} />;
}
