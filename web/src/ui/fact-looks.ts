/** Icon and hue of each kind of fact in the log. Meaning by hue: teal good, orange waiting, red trouble. */
import {
  IconBolt,
  IconCheck,
  IconClick,
  IconFileImport,
  IconHistory,
  IconListCheck,
  IconMail,
  IconMailOff,
  IconMailOpened,
  IconPencil,
  IconTag,
  IconTagOff,
  IconTrash,
  IconUserMinus,
  IconUserPlus,
  type TablerIcon,
} from '@tabler/icons-react';

type Look = { icon: TablerIcon; color: string };

const looks: Record<string, Look> = {
  contact_created: { icon: IconUserPlus, color: 'cyan' },
  contact_updated: { icon: IconPencil, color: 'cyan' },
  contact_deleted: { icon: IconTrash, color: 'red' },
  field_changed: { icon: IconPencil, color: 'cyan' },
  tag_added: { icon: IconTag, color: 'cyan' },
  tag_removed: { icon: IconTagOff, color: 'gray' },
  list_subscribed: { icon: IconListCheck, color: 'teal' },
  list_unsubscribed: { icon: IconUserMinus, color: 'orange' },
  unsubscribed: { icon: IconUserMinus, color: 'orange' },
  message_sent: { icon: IconMail, color: 'brand' },
  message_opened: { icon: IconMailOpened, color: 'teal' },
  link_clicked: { icon: IconClick, color: 'teal' },
  message_failed: { icon: IconMailOff, color: 'red' },
  message_bounced: { icon: IconMailOff, color: 'red' },
  automation_entered: { icon: IconBolt, color: 'grape' },
  automation_completed: { icon: IconCheck, color: 'teal' },
  automation_exited: { icon: IconBolt, color: 'gray' },
  step_parked: { icon: IconBolt, color: 'red' },
  import_completed: { icon: IconFileImport, color: 'cyan' },
};

export const factLook = (kind: string): Look => looks[kind] ?? { icon: IconHistory, color: 'gray' };
