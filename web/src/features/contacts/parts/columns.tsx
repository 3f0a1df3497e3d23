/** How each column of the contact list looks. */
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { formatAgo, formatDate, formatMoment, formatNumber } from '@/lib/format';
import type { Contact, Field } from '@/pickers/api';
import { Chips, ContactCell, Names, Nothing } from '@/pickers/contact-cells';
import type { Column } from '@/ui/DataTable';
import { type EngagementColumn, fieldOf, isEngagement, isStandard, type StandardColumn } from '../column-ids';
import type { Engagement } from '../list-api';
import { showValue, standingOf } from '../model';
import { StatusBadge } from './StatusBadge';

export type Row = Contact & { owner_id?: number | null };
export type Known = {
  t: TFunction<'contacts'>;
  fields: Field[];
  ownerName: (id: number) => string | null;
  engagement: (id: number) => Engagement | undefined;
  /** Only some lists can be sorted, and only by these. */
  sorts: readonly string[];
};

type Look = { width: string; sort?: string; align?: 'right'; wide?: boolean; cell: (row: Row) => ReactNode };

function standard({ ownerName }: Known): Record<StandardColumn, Look> {
  return {
    status: { width: '118px', cell: (row) => <StatusBadge status={standingOf(row)} /> },
    tags: {
      width: 'minmax(190px, 1.6fr)',
      wide: true,
      cell: (row) => <Chips names={row.tags.map((tag) => tag.name)} />,
    },
    lists: {
      width: 'minmax(140px, 1.1fr)',
      wide: true,
      cell: (row) => <Names names={row.lists.map((list) => list.name)} />,
    },
    owner: {
      width: 'minmax(120px, 0.8fr)',
      wide: true,
      cell: (row) => textOr(row.owner_id ? ownerName(row.owner_id) : ''),
    },
    email: { width: 'minmax(180px, 1.4fr)', wide: true, sort: 'email', cell: (row) => textOr(row.email) },
    first_name: { width: 'minmax(110px, 0.8fr)', wide: true, cell: (row) => textOr(row.first_name) },
    last_name: { width: 'minmax(110px, 0.8fr)', wide: true, cell: (row) => textOr(row.last_name) },
    phone: {
      width: 'minmax(120px, 0.8fr)',
      wide: true,
      cell: (row) => <span className="num">{row.phone || '–'}</span>,
    },
    created_at: { width: '110px', wide: true, sort: 'created_at', cell: (row) => day(row.created_at) },
    updated_at: { width: '110px', wide: true, cell: (row) => day(row.updated_at) },
  };
}

const day = (iso: string) => <span className="num">{formatDate(iso)}</span>;
const textOr = (text: string | null | undefined) => text || <Nothing />;

function done(name: EngagementColumn, engagement: Engagement | undefined): ReactNode {
  const value = engagement?.[name];
  if (typeof value === 'number') return <span className="num">{formatNumber(value)}</span>;
  if (!value) return name.endsWith('_count') ? <span className="num">0</span> : <Nothing />;
  return (
    <span className="num" title={formatMoment(value)}>
      {formatAgo(value)}
    </span>
  );
}

function fieldLook(field: Field): Look {
  const isNumber = field.type === 'number' || field.type === 'currency';
  return {
    width: isNumber ? '120px' : 'minmax(130px, 1fr)',
    align: isNumber ? 'right' : undefined,
    wide: true,
    cell: (row) => {
      const value = row.fields[String(field.id)];
      if (typeof value === 'number') return <span className="num">{formatNumber(value)}</span>;
      return textOr(showValue(value));
    },
  };
}

export function contactColumns(chosen: string[], known: Known): Column<Row>[] {
  const looks = standard(known);
  const others = chosen.flatMap((id): Column<Row>[] => {
    const field = fieldOf(id, known.fields);
    const look: Look | undefined = field
      ? fieldLook(field)
      : isStandard(id)
        ? looks[id]
        : isEngagement(id)
          ? {
              width: '116px',
              wide: true,
              align: id.endsWith('_count') ? 'right' : undefined,
              cell: (row) => done(id, known.engagement(row.id)),
            }
          : undefined;
    if (!look) return [];
    const sort = look.sort && known.sorts.includes(look.sort) ? look.sort : undefined;
    return [{ ...look, id, sort, header: columnName(id, known) }];
  });
  return [contactColumn(known), ...others];
}

export function columnName(id: string, { t, fields }: Pick<Known, 't' | 'fields'>): string {
  const field = fieldOf(id, fields);
  if (field) return field.name;
  return isStandard(id) || isEngagement(id) ? t(`columns.${id}`) : id;
}

function contactColumn({ t, sorts }: Known): Column<Row> {
  return {
    id: 'contact',
    header: t('list.contact'),
    width: 'minmax(200px, 2.2fr)',
    sort: sorts.includes('name') ? 'name' : undefined,
    isPinned: true,
    cell: (contact) => <ContactCell contact={contact} />,
  };
}
