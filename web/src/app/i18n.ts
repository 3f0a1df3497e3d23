/** Text of the interface. One JSON file a feature, named like its folder; keys are checked by the compiler. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import automations from '@/features/automations/en.json';
import bulk from '@/features/bulk/en.json';
import campaigns from '@/features/campaigns/en.json';
import companies from '@/features/companies/en.json';
import contacts from '@/features/contacts/en.json';
import dashboard from '@/features/dashboard/en.json';
import deals from '@/features/deals/en.json';
import exports from '@/features/exports/en.json';
import imports from '@/features/imports/en.json';
import mailbox from '@/features/mailbox/en.json';
import media from '@/features/media/en.json';
import messages from '@/features/messages/en.json';
import objects from '@/features/objects/en.json';
import privacy from '@/features/privacy/en.json';
import scores from '@/features/scores/en.json';
import segments from '@/features/segments/en.json';
import senders from '@/features/senders/en.json';
import session from '@/features/session/en.json';
import settings from '@/features/settings/en.json';
import suppressions from '@/features/suppressions/en.json';
import pickers from '@/pickers/en.json';
import ui from '@/ui/en.json';
import app from './en.json';

const en = {
  app,
  automations,
  bulk,
  campaigns,
  companies,
  contacts,
  dashboard,
  deals,
  exports,
  imports,
  mailbox,
  media,
  messages,
  objects,
  pickers,
  privacy,
  scores,
  segments,
  senders,
  session,
  settings,
  suppressions,
  ui,
};

declare module 'i18next' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be extended
  interface CustomTypeOptions {
    defaultNS: 'ui';
    resources: typeof en;
  }
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'ui',
  resources: { en },
  interpolation: { escapeValue: false },
});

export { i18next };
