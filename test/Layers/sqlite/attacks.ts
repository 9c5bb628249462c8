/** Every way that SQL has to change what is written, tried on a log of six events. */

/** One statement or several; `EVENTS` is the table, as it is called where the attack is made. */
export interface Attack {
  readonly name: string
  readonly sql: string
  /** What the database says; `undefined` when it lets the statement run, and nothing comes of it. */
  readonly refusal: RegExp | undefined
  /** What is made first, as its own right, in the same file. */
  readonly before?: string
  /** Names of another database cannot stand in it. */
  readonly local?: boolean
}

const changed = /an event cannot be changed/
const deleted = /an event cannot be deleted/
const next = /an event must have the next position and version, and a new id/

/** The columns of the table. */
export const columns = [
  "position",
  "stream",
  "version",
  "id",
  "type",
  "revision",
  "recorded_at",
  "payload",
  "metadata",
  "request",
  "checksum"
]

const all = columns.join(", ")

/** The values of an event that nobody has appended. */
export const forged = (
  position: number | string,
  stream: string,
  version: number | string,
  id = "'forged#0'"
) => `(${position}, '${stream}', ${version}, ${id}, 'Forged', 1, 0, '{}', '{}', null, 'no checksum')`

const known = "(select id from EVENTS where position = 3)"

const updates: ReadonlyArray<Attack> = [
  ...columns.flatMap((column) => [
    {
      name: `UPDATE of ${column} to itself`,
      sql: `update EVENTS set ${column} = ${column}`,
      refusal: changed
    },
    {
      name: `UPDATE of ${column}`,
      sql: `update EVENTS set ${column} = 77 where position = 3`,
      refusal: changed
    }
  ]),
  ...["rollback", "abort", "fail", "ignore", "replace"].flatMap((or) => [
    {
      name: `UPDATE OR ${or}, a payload`,
      sql: `update or ${or} EVENTS set payload = '{}' where position = 3`,
      refusal: changed
    },
    {
      name: `UPDATE OR ${or}, onto another position`,
      sql: `update or ${or} EVENTS set position = 2 where position = 3`,
      refusal: changed
    },
    {
      name: `UPDATE OR ${or}, onto another version`,
      sql: `update or ${or} EVENTS set version = 1 where position = 6`,
      refusal: changed
    }
  ]),
  ...["rowid", "oid", "_rowid_"].map((alias) => ({
    name: `UPDATE of ${alias}`,
    sql: `update EVENTS set ${alias} = 99 where ${alias} = 3`,
    refusal: changed
  })),
  { name: "UPDATE to negative positions", sql: "update EVENTS set position = -position", refusal: changed },
  { name: "UPDATE that closes a gap", sql: "update EVENTS set position = position + 1", refusal: changed },
  {
    name: "UPDATE of a row of values",
    sql: "update EVENTS set (payload, metadata) = (metadata, payload)",
    refusal: changed
  },
  {
    name: "UPDATE FROM",
    sql: `update EVENTS set payload = other.payload
      from (select * from EVENTS where position = 1) as other where EVENTS.position = 2`,
    refusal: changed,
    local: true
  },
  {
    name: "UPDATE RETURNING",
    sql: "update EVENTS set payload = '{}' returning position",
    refusal: changed
  },
  {
    name: "UPDATE ORDER BY LIMIT",
    sql: "update EVENTS set payload = '{}' order by position desc limit 1",
    refusal: changed
  },
  {
    name: "WITH … UPDATE",
    sql: `with chosen (position) as (values (3))
      update EVENTS set payload = '{}' where position in (select position from chosen)`,
    refusal: changed
  },
  {
    name: "UPDATE of nothing",
    sql: "update EVENTS set payload = '{}' where position = 77",
    refusal: undefined
  }
]

const deletes: ReadonlyArray<Attack> = [
  { name: "DELETE of all, which SQLite makes a truncation", sql: "delete from EVENTS", refusal: deleted },
  { name: "DELETE of the last", sql: "delete from EVENTS where position = 6", refusal: deleted },
  { name: "DELETE by rowid", sql: "delete from EVENTS where rowid = 3", refusal: deleted },
  { name: "DELETE RETURNING", sql: "delete from EVENTS returning *", refusal: deleted },
  { name: "DELETE LIMIT", sql: "delete from EVENTS order by position limit 1", refusal: deleted },
  {
    name: "WITH … DELETE",
    sql: `with chosen (position) as (values (3))
      delete from EVENTS where position in (select position from chosen)`,
    refusal: deleted
  },
  {
    name: "DELETE through a view",
    sql: `create temp view everything as select * from EVENTS;
      create temp trigger through instead of delete on everything begin
        delete from events where position = old.position;
      end;
      delete from everything`,
    refusal: deleted,
    local: true
  },
  {
    name: "UPDATE through a view",
    sql: `create temp view everything as select * from EVENTS;
      create temp trigger through instead of update on everything begin
        update events set payload = new.payload where position = old.position;
      end;
      update everything set payload = '{}'`,
    refusal: changed,
    local: true
  },
  {
    name: "REPLACE through a view",
    sql: `create temp view everything as select * from EVENTS;
      create temp trigger through instead of insert on everything begin
        replace into events select * from events where position = new.position;
      end;
      insert into everything values ${forged(3, "Product-2", 1)}`,
    refusal: next,
    local: true
  },
  {
    name: "DELETE by a trigger of another table",
    sql: `create temp table bait (position integer);
      create temp trigger trap after insert on bait begin
        delete from events where position = new.position;
      end;
      insert into bait values (3)`,
    refusal: deleted,
    local: true
  },
  {
    name: "a trigger of one's own that takes the place of the refusal",
    sql: `create temp trigger first before delete on EVENTS begin select raise(ignore); end;
      delete from EVENTS`,
    refusal: undefined,
    local: true
  },
  {
    name: "DELETE with those that refer to it",
    before: `create table note (position integer references events (position) on delete cascade);
      insert into note values (3)`,
    sql: "pragma foreign_keys = on; delete from EVENTS where position = 3",
    refusal: deleted
  },
  {
    name: "UPDATE with those that refer to it",
    before: `create table note (id text references events (id) on update cascade);
      insert into note select id from events where position = 3`,
    sql: "pragma foreign_keys = on; update EVENTS set id = 'other' where position = 3",
    refusal: changed
  }
]

/** What an INSERT could meet: an event with the same position, the same version, or the same id. */
const collisions = [
  ["position", forged(3, "Product-3", 1)],
  ["the last position", forged(6, "Product-3", 1)],
  ["version", forged(7, "Product-1", 4)],
  ["the first version", forged(7, "Product-2", 1)],
  ["id", forged(7, "Product-1", 5, known)],
  ["everything", forged(3, "Product-2", 1, known)]
] as const

const inserts: ReadonlyArray<Attack> = collisions.flatMap(([what, values]) => [
  { name: `REPLACE of the same ${what}`, sql: `replace into EVENTS values ${values}`, refusal: next },
  ...["rollback", "abort", "fail", "ignore", "replace"].map((or) => ({
    name: `INSERT OR ${or} of the same ${what}`,
    sql: `insert or ${or} into EVENTS values ${values}`,
    refusal: next
  })),
  ...[
    "do nothing",
    "do update set payload = excluded.payload",
    "(position) do update set payload = excluded.payload",
    "(stream, version) do update set payload = excluded.payload",
    "(id) do update set payload = excluded.payload on conflict do nothing"
  ].map((action) => ({
    name: `INSERT of the same ${what} ON CONFLICT ${action}`,
    sql: `insert into EVENTS values ${values} on conflict ${action}`,
    refusal: next
  }))
])

const places: ReadonlyArray<Attack> = [
  ...["rowid", "oid", "_rowid_"].map((alias) => ({
    name: `REPLACE by ${alias}`,
    sql: `replace into EVENTS (${all.replace("position", alias)}) values ${forged(3, "Product-3", 1)}`,
    refusal: next
  })),
  ...["8", "0", "-1", "-7", "9223372036854775807", "-9223372036854775808", "null"].map((position) => ({
    name: `INSERT at position ${position}`,
    sql: `insert or replace into EVENTS values ${forged(position, "Product-3", 1)}`,
    refusal: next
  })),
  {
    name: "INSERT without a position",
    sql: `insert into EVENTS (${all.replace("position, ", "")})
      values ${forged("", "Product-3", 1).replace("(, ", "(")}`,
    refusal: next
  },
  ...["6", "4", "0", "-1", "null"].map((version) => ({
    name: `INSERT of version ${version} after version 4`,
    sql: `insert or replace into EVENTS values ${forged(7, "Product-1", version)}`,
    refusal: next
  })),
  {
    name: "INSERT of a first version 2",
    sql: `insert into EVENTS values ${forged(7, "Product-3", 2)}`,
    refusal: next
  },
  {
    name: "INSERT of two versions in the wrong order",
    sql: `insert into EVENTS values ${forged(7, "Product-1", 6, "'a#0'")}, ${forged(8, "Product-1", 5, "'b#0'")}`,
    refusal: next
  },
  {
    name: "INSERT of two with one id",
    sql: `insert or replace into EVENTS values ${forged(7, "Product-3", 1)}, ${forged(8, "Product-3", 2)}`,
    refusal: next
  },
  {
    name: "INSERT of three, the first wrong",
    sql: `insert or ignore into EVENTS values ${forged(3, "Product-3", 1, "'a#0'")},
      ${forged(7, "Product-3", 1, "'b#0'")}, ${forged(8, "Product-3", 2, "'c#0'")}`,
    refusal: next
  },
  {
    name: "INSERT of three, the last wrong",
    sql: `insert or ignore into EVENTS values ${forged(7, "Product-3", 1, "'a#0'")},
      ${forged(8, "Product-3", 2, "'b#0'")}, ${forged(3, "Product-3", 3, "'c#0'")}`,
    refusal: next
  },
  {
    name: "INSERT of all that is there",
    sql: "insert into EVENTS select * from EVENTS",
    refusal: next
  },
  {
    name: "REPLACE of all that is there",
    sql: `replace into EVENTS select ${all.replace("payload", "'{}'")} from EVENTS`,
    refusal: next
  },
  {
    name: "REPLACE of all that is there, moved on",
    sql: `replace into EVENTS select position + 6, stream, version, id, type, revision, recorded_at,
      payload, metadata, request, checksum from EVENTS`,
    refusal: next
  },
  {
    name: "a text for a position",
    sql: `insert into EVENTS values ${forged("'seven'", "Product-3", 1)}`,
    refusal: /datatype mismatch|cannot store TEXT|next position/
  },
  {
    name: "a BLOB for a payload",
    sql: `insert into EVENTS values ${forged(7, "Product-3", 1).replace("'{}'", "x'7b7d'")}`,
    refusal: /cannot store BLOB/
  }
]

export const attacks: ReadonlyArray<Attack> = [...updates, ...deletes, ...inserts, ...places]
