/** Every address of the admin. Pages load when they are opened; the state of lists stands in the search part. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { sessionQuery } from '@/api/session';
import { CrashPage } from './CrashPage';
import { LostPage, NotFoundPage } from './NotFoundPage';
import { queryClient } from './query-client';
import { Shell } from './shell/Shell';

type Context = { queryClient: QueryClient };

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: LostPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: z.object({ next: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/session/pages/SignInPage'), 'SignInPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: '_app',
  component: Shell,
  notFoundComponent: NotFoundPage,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
});

const page = <P extends string>(path: P) => ({ getParentRoute: () => shell, path }) as const;
const text = z.string().optional().catch(undefined);
const number = z.coerce.number().int().optional().catch(undefined);

const index = createRoute({
  ...page('/'),
  beforeLoad: () => {
    throw redirect({ to: '/dashboard' });
  },
});
const dashboard = createRoute({
  ...page('/dashboard'),
  component: lazyRouteComponent(() => import('@/features/dashboard/pages/DashboardPage'), 'DashboardPage'),
});

const contacts = createRoute({
  ...page('/contacts'),
  validateSearch: z.object({
    q: text,
    tag: number,
    list: number,
    status: z.enum(['active', 'unconfirmed', 'unsubscribed', 'bounced']).optional().catch(undefined),
    sort: text,
    view: number,
    where: z.record(z.string(), z.unknown()).optional().catch(undefined),
    columns: z.array(z.string()).optional().catch(undefined),
    panel: z.boolean().optional().catch(undefined),
    add: z.boolean().optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('@/features/contacts/pages/ContactsPage'), 'ContactsPage'),
});
const contact = createRoute({
  ...page('/contacts/$id'),
  validateSearch: z.object({
    tab: z
      .enum(['timeline', 'notes', 'files', 'messages', 'automations', 'deals', 'records', 'consent'])
      .optional()
      .catch(undefined),
    kind: text,
  }),
  component: lazyRouteComponent(() => import('@/features/contacts/pages/ContactPage'), 'ContactPage'),
});
const tags = createRoute({
  ...page('/contacts/tags'),
  component: lazyRouteComponent(() => import('@/features/contacts/pages/TagsPage'), 'TagsPage'),
});
const lists = createRoute({
  ...page('/contacts/lists'),
  component: lazyRouteComponent(() => import('@/features/contacts/pages/ListsPage'), 'ListsPage'),
});
const fields = createRoute({
  ...page('/contacts/fields'),
  component: lazyRouteComponent(() => import('@/features/contacts/pages/FieldsPage'), 'FieldsPage'),
});

const companies = createRoute({
  ...page('/companies'),
  validateSearch: z.object({
    q: text,
    sort: z.enum(['name', '-name', 'created_at', '-created_at']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('@/features/companies/pages/CompaniesPage'), 'CompaniesPage'),
});
const company = createRoute({
  ...page('/companies/$id'),
  validateSearch: z.object({ tab: z.enum(['members', 'deals', 'records', 'notes']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/companies/pages/CompanyPage'), 'CompanyPage'),
});

const objects = createRoute({
  ...page('/objects'),
  component: lazyRouteComponent(() => import('@/features/objects/pages/ObjectsPage'), 'ObjectsPage'),
});
const object = createRoute({
  ...page('/objects/$id'),
  validateSearch: z.object({ tab: z.enum(['records', 'structure']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/objects/pages/ObjectPage'), 'ObjectPage'),
});
const objectRecord = createRoute({
  ...page('/objects/$id/records/$record'),
  component: lazyRouteComponent(() => import('@/features/objects/pages/RecordPage'), 'RecordPage'),
});

const segments = createRoute({
  ...page('/segments'),
  validateSearch: z.object({ q: text }),
  component: lazyRouteComponent(() => import('@/features/segments/pages/SegmentsPage'), 'SegmentsPage'),
});
const segmentNew = createRoute({
  ...page('/segments/new'),
  validateSearch: z.object({ condition: z.record(z.string(), z.unknown()).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/segments/pages/NewSegmentPage'), 'NewSegmentPage'),
});
const segment = createRoute({
  ...page('/segments/$id'),
  validateSearch: z.object({ tab: z.enum(['contacts', 'history']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/segments/pages/SegmentPage'), 'SegmentPage'),
});
const scores = createRoute({
  ...page('/scores'),
  component: lazyRouteComponent(() => import('@/features/scores/pages/ScoresPage'), 'ScoresPage'),
});
const score = createRoute({
  ...page('/scores/$id'),
  component: lazyRouteComponent(() => import('@/features/scores/pages/ScorePage'), 'ScorePage'),
});
const duplicates = createRoute({
  ...page('/contacts/duplicates'),
  component: lazyRouteComponent(() => import('@/features/privacy/pages/DuplicatesPage'), 'DuplicatesPage'),
});
const trash = createRoute({
  ...page('/contacts/trash'),
  component: lazyRouteComponent(() => import('@/features/privacy/pages/TrashPage'), 'TrashPage'),
});

const bulkEdits = createRoute({
  ...page('/bulk-edits'),
  component: lazyRouteComponent(() => import('@/features/bulk/pages/BulkEditsPage'), 'BulkEditsPage'),
});
const exports = createRoute({
  ...page('/exports'),
  component: lazyRouteComponent(() => import('@/features/exports/pages/ExportsPage'), 'ExportsPage'),
});
const imports = createRoute({
  ...page('/imports'),
  component: lazyRouteComponent(() => import('@/features/imports/pages/ImportsPage'), 'ImportsPage'),
});
const importNew = createRoute({
  ...page('/imports/new'),
  component: lazyRouteComponent(() => import('@/features/imports/pages/NewImportPage'), 'NewImportPage'),
});
const importOne = createRoute({
  ...page('/imports/$id'),
  component: lazyRouteComponent(() => import('@/features/imports/pages/ImportPage'), 'ImportPage'),
});

const automations = createRoute({
  ...page('/automations'),
  validateSearch: z.object({ q: text, status: z.enum(['draft', 'active', 'paused']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/automations/pages/AutomationsPage'), 'AutomationsPage'),
});
const automationMap = createRoute({
  ...page('/automations/map'),
  component: lazyRouteComponent(() => import('@/features/automations/pages/AutomationMapPage'), 'AutomationMapPage'),
});
const automation = createRoute({
  ...page('/automations/$id'),
  validateSearch: z.object({ step: text }),
  component: lazyRouteComponent(() => import('@/features/automations/pages/AutomationPage'), 'AutomationPage'),
});
const deals = createRoute({
  ...page('/deals'),
  validateSearch: z.object({
    pipeline: number,
    owner: number,
    q: text,
    sort: z
      .enum([
        'title',
        '-title',
        'value',
        '-value',
        'created_at',
        '-created_at',
        'expected_on',
        '-expected_on',
        'touched_at',
        '-touched_at',
      ])
      .optional()
      .catch(undefined),
    view: z.enum(['list']).optional().catch(undefined),
    status: z.enum(['open', 'won', 'lost', 'all']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('@/features/deals/pages/DealsPage'), 'DealsPage'),
});
const deal = createRoute({
  ...page('/deals/$id'),
  component: lazyRouteComponent(() => import('@/features/deals/pages/DealPage'), 'DealPage'),
});
const pipelines = createRoute({
  ...page('/deals/pipelines'),
  component: lazyRouteComponent(() => import('@/features/deals/pages/PipelinesPage'), 'PipelinesPage'),
});
const dealsReport = createRoute({
  ...page('/deals/report'),
  validateSearch: z.object({ pipeline: number, days: number }),
  component: lazyRouteComponent(() => import('@/features/deals/pages/DealsReportPage'), 'DealsReportPage'),
});
const tasks = createRoute({
  ...page('/tasks'),
  validateSearch: z.object({ owner: number, view: z.enum(['done']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/deals/pages/TasksPage'), 'TasksPage'),
});
const campaigns = createRoute({
  ...page('/campaigns'),
  validateSearch: z.object({ q: text, view: z.enum(['calendar']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/campaigns/pages/CampaignsPage'), 'CampaignsPage'),
});
const campaign = createRoute({
  ...page('/campaigns/$id'),
  component: lazyRouteComponent(() => import('@/features/campaigns/pages/CampaignPage'), 'CampaignPage'),
});
const messages = createRoute({
  ...page('/messages'),
  validateSearch: z.object({ q: text }),
  component: lazyRouteComponent(() => import('@/features/messages/pages/MessagesPage'), 'MessagesPage'),
});
const images = createRoute({
  ...page('/images'),
  component: lazyRouteComponent(() => import('@/features/media/pages/ImagesPage'), 'ImagesPage'),
});
const brand = createRoute({
  ...page('/messages/brand'),
  component: lazyRouteComponent(() => import('@/features/messages/pages/BrandPage'), 'BrandPage'),
});
const messageVariables = createRoute({
  ...page('/messages/variables'),
  component: lazyRouteComponent(() => import('@/features/messages/pages/VariablesPage'), 'VariablesPage'),
});
const message = createRoute({
  ...page('/messages/$id'),
  component: lazyRouteComponent(() => import('@/features/messages/pages/MessagePage'), 'MessagePage'),
});

const senders = createRoute({
  ...page('/senders'),
  validateSearch: z.object({
    tab: z.enum(['senders', 'domains', 'servers', 'limits']).optional().catch(undefined),
    add: text,
  }),
  component: lazyRouteComponent(() => import('@/features/senders/pages/SendersPage'), 'SendersPage'),
});

const suppressions = createRoute({
  ...page('/suppressions'),
  validateSearch: z.object({ tab: z.enum(['list', 'inbound']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('@/features/suppressions/pages/SuppressionsPage'), 'SuppressionsPage'),
});

const mailbox = createRoute({
  ...page('/mailbox'),
  validateSearch: z.object({ id: number }),
  component: lazyRouteComponent(() => import('@/features/mailbox/pages/MailboxPage'), 'MailboxPage'),
});
const settings = createRoute({
  ...page('/settings'),
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'workspace' } });
  },
});
const settingsSection = createRoute({
  ...page('/settings/$section'),
  component: lazyRouteComponent(() => import('@/features/settings/pages/SettingsPage'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      index,
      dashboard,
      ...[contacts, contact, tags, lists, fields, duplicates, trash],
      ...[companies, company],
      ...[objects, object, objectRecord],
      ...[segments, segmentNew, segment, scores, score],
      ...[imports, importNew, importOne, exports, bulkEdits],
      ...[
        automations,
        automationMap,
        automation,
        campaigns,
        campaign,
        messages,
        brand,
        messageVariables,
        message,
        images,
      ],
      ...[deals, pipelines, dealsReport, deal, tasks],
      ...[senders, suppressions, mailbox, settings, settingsSection],
    ]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be extended
  interface Register {
    router: typeof router;
  }
}
