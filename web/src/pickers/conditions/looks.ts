/** Icon and hue of each group of conditions. */
import {
  IconActivity,
  IconBolt,
  IconBuilding,
  IconCoin,
  IconCube,
  IconFilter,
  IconMail,
  IconStar,
  IconTags,
  IconTargetArrow,
  IconUser,
  IconWorld,
  type TablerIcon,
} from '@tabler/icons-react';

const looks: [RegExp, TablerIcon, string][] = [
  [/segment/i, IconTargetArrow, 'brand'],
  [/tag|list/i, IconTags, 'cyan'],
  [/mail|message|engagement/i, IconMail, 'teal'],
  [/automation/i, IconBolt, 'grape'],
  [/compan|account/i, IconBuilding, 'pink'],
  [/deal|order|commerce/i, IconCoin, 'pink'],
  [/object/i, IconCube, 'pink'],
  [/site|page|visit|event/i, IconWorld, 'orange'],
  [/activit|fact|happen/i, IconActivity, 'orange'],
  [/score/i, IconStar, 'yellow'],
  [/contact|field|person/i, IconUser, 'cyan'],
];

export function groupLook(group: string): { icon: TablerIcon; color: string } {
  const [, icon, color] = looks.find(([pattern]) => pattern.test(group)) ?? [null, IconFilter, 'gray'];
  return { icon, color };
}
