/** The sections of the product, in the order of the navigation. Only what exists is listed. */
import {
  IconBolt,
  IconBuilding,
  IconChecklist,
  IconCube,
  IconFileDownload,
  IconHeartHandshake,
  IconInbox,
  IconLayoutDashboard,
  IconListCheck,
  IconMail,
  IconMailOff,
  IconPhoto,
  IconSend,
  IconSettings,
  IconSparkles,
  IconSpeakerphone,
  IconStar,
  IconTags,
  IconTargetArrow,
  IconUpload,
  IconUsers,
} from '@tabler/icons-react';
import { linkOptions } from '@tanstack/react-router';

export const groups = [
  {
    id: 'home',
    items: [{ id: 'dashboard', icon: IconLayoutDashboard, link: linkOptions({ to: '/dashboard' }) }],
  },
  {
    id: 'audience',
    title: 'audience',
    items: [
      { id: 'contacts', icon: IconUsers, link: linkOptions({ to: '/contacts' }) },
      { id: 'companies', icon: IconBuilding, link: linkOptions({ to: '/companies' }) },
      { id: 'objects', icon: IconCube, link: linkOptions({ to: '/objects' }) },
      { id: 'segments', icon: IconTargetArrow, link: linkOptions({ to: '/segments' }) },
      { id: 'scores', icon: IconStar, link: linkOptions({ to: '/scores' }) },
      { id: 'structure', icon: IconTags, link: linkOptions({ to: '/contacts/tags' }) },
      { id: 'cleanUp', icon: IconSparkles, link: linkOptions({ to: '/contacts/duplicates' }) },
      { id: 'imports', icon: IconUpload, link: linkOptions({ to: '/imports' }) },
      { id: 'bulk-edits', icon: IconChecklist, link: linkOptions({ to: '/bulk-edits' }) },
      { id: 'exports', icon: IconFileDownload, link: linkOptions({ to: '/exports' }) },
    ],
  },
  {
    id: 'sales',
    title: 'sales',
    items: [
      { id: 'deals', icon: IconHeartHandshake, link: linkOptions({ to: '/deals' }) },
      { id: 'tasks', icon: IconListCheck, link: linkOptions({ to: '/tasks' }) },
    ],
  },
  {
    id: 'marketing',
    title: 'marketing',
    items: [
      { id: 'automations', icon: IconBolt, link: linkOptions({ to: '/automations' }) },
      { id: 'campaigns', icon: IconSpeakerphone, link: linkOptions({ to: '/campaigns' }) },
      { id: 'messages', icon: IconMail, link: linkOptions({ to: '/messages' }) },
      { id: 'images', icon: IconPhoto, link: linkOptions({ to: '/images' }) },
      { id: 'senders', icon: IconSend, link: linkOptions({ to: '/senders' }) },
      { id: 'suppressions', icon: IconMailOff, link: linkOptions({ to: '/suppressions' }) },
    ],
  },
] as const;

export const footer = [
  { id: 'mailbox', icon: IconInbox, link: linkOptions({ to: '/mailbox' }) },
  {
    id: 'settings',
    icon: IconSettings,
    link: linkOptions({ to: '/settings/$section', params: { section: 'workspace' } }),
  },
] as const;

export type NavItem = (typeof groups)[number]['items'][number] | (typeof footer)[number];

export const allItems: NavItem[] = [...groups.flatMap((group): NavItem[] => [...group.items]), ...footer];

const STRUCTURE = /^\/contacts\/(tags|lists|fields)/;
const CLEAN_UP = /^\/contacts\/(duplicates|trash)/;

/** Which section an address belongs to. */
export function sectionOf(path: string): NavItem['id'] | null {
  if (STRUCTURE.test(path)) return 'structure';
  if (CLEAN_UP.test(path)) return 'cleanUp';
  return allItems.find((item) => item.id === path.split('/')[1])?.id ?? null;
}

/** Builders take the whole width, so the navigation folds to a rail. */
export const isBuilder = (path: string) => /^\/(automations|messages)\/(?!brand|map|variables)./.test(path);
