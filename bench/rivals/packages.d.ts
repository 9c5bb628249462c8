/**
 * What is used of the others, so that this program can be checked on machines where they are not installed. Their own
 * types say the same, at length.
 */
declare module "@castore/core" {
  export class EventType {
    constructor(options: { type: string })
  }
  export class GroupedEvent {
    private constructor()
  }
  export class EventStore<Aggregate, Event> {
    static pushEventGroup(first: GroupedEvent, ...others: ReadonlyArray<GroupedEvent>): Promise<unknown>
    constructor(options: {
      eventStoreId: string
      eventTypes: ReadonlyArray<EventType>
      reducer: (aggregate: Aggregate | undefined, event: Event) => Aggregate
      eventStorageAdapter: unknown
      onEventPushed: (pushed: { event: Event }) => Promise<void>
    })
    getAggregate(id: string): Promise<{ aggregate: Aggregate | undefined }>
    pushEvent(event: Event, options?: { prevAggregate?: Aggregate }): Promise<unknown>
    groupEvent(event: Event): GroupedEvent
  }
  export class Command<Input, Stores> {
    constructor(options: {
      commandId: string
      requiredEventStores: Stores
      handler: (input: Input, stores: Stores) => Promise<void>
    })
    handler(input: Input, stores: Stores): Promise<void>
  }
  export const tuple: <Stores extends Array<unknown>>(...stores: Stores) => Stores
}

declare module "@castore/event-storage-adapter-in-memory" {
  export class InMemoryEventStorageAdapter {
    readonly eventStore: Readonly<Record<string, ReadonlyArray<unknown>>>
  }
}

declare module "@event-driven-io/emmett" {
  export interface Event<Type extends string = string, Data = unknown> {
    readonly type: Type
    readonly data: Data
  }
  /** A stored event. */
  export type ReadEvent<One extends Event> = One & { readonly metadata: { readonly globalPosition: bigint } }
  export const event: <One extends Event>(type: One["type"], data: One["data"]) => One
  interface Fold<State, One extends Event> {
    evolve: (state: State, event: One) => State
    initialState: () => State
  }
  export interface EventStore {
    appendToStream<One extends Event>(
      stream: string,
      events: Array<One>,
      options?: { expectedStreamVersion: bigint }
    ): Promise<unknown>
    readStream(stream: string): Promise<{ currentStreamVersion: bigint }>
    aggregateStream<State, One extends Event>(
      stream: string,
      fold: Fold<State, One>
    ): Promise<{ state: State }>
  }
  export const CommandHandler: <State, One extends Event>(
    options: Fold<State, One> & { mapToStreamId: (id: string) => string }
  ) => (store: EventStore, id: string, handle: (state: State) => Array<One>) => Promise<unknown>
  interface Registration<Projection> {
    readonly type: "inline"
    readonly projection: Projection
  }
  export const inlineProjections: <Projection>(
    projections: Array<Projection>
  ) => Array<Registration<Projection>>
  interface InMemoryProjection {
    readonly canHandle: ReadonlyArray<string>
  }
  interface InMemoryDatabase {
    collection<Row>(name: string): { find(): Promise<Array<Row>> }
  }
  export const getInMemoryDatabase: () => InMemoryDatabase
  export const getInMemoryEventStore: (options?: {
    database: InMemoryDatabase
    projections: Array<Registration<InMemoryProjection>>
  }) => EventStore
  export const inMemorySingleStreamProjection: <Row, One extends Event>(
    options: Fold<Row, One> & { collectionName: string; canHandle: Array<One["type"]> }
  ) => InMemoryProjection
}

declare module "@event-driven-io/emmett-sqlite" {
  import type { Event, EventStore, ReadEvent, Registration } from "@event-driven-io/emmett"
  export interface SQLiteConnection {
    command(sql: string, values?: Array<string | number>): Promise<unknown>
    querySingle<Row>(sql: string): Promise<Row | null>
    withTransaction<A>(run: () => Promise<A>): Promise<A>
  }
  interface Projection {
    readonly name: string
  }
  interface Consumer {
    processor(options: {
      processorId: string
      projection: Projection
      stopAfter: (message: ReadEvent<Event>) => boolean
    }): unknown
    start(): Promise<void>
  }
  interface SQLiteEventStore extends EventStore {
    readonly schema: { migrate(): Promise<void> }
    consumer(options: { pulling: { batchSize: number } }): Consumer
  }
  export const sqliteConnection: (options: { fileName: string }) => SQLiteConnection
  export const sqliteProjection: <One extends Event>(definition: {
    name: string
    canHandle: Array<One["type"]>
    init: (options: { context: { connection: SQLiteConnection } }) => Promise<unknown>
    handle: (
      events: ReadonlyArray<ReadEvent<One>>,
      context: { connection: SQLiteConnection }
    ) => Promise<void>
  }) => Projection
  export const getSQLiteEventStore: (options: {
    fileName: string
    projections: Array<Registration<Projection>>
    connectionOptions?: { singleton: true; connection: SQLiteConnection }
  }) => SQLiteEventStore
}

declare module "zod" {
  export interface ZodType<A> {
    parse(value: unknown): A
  }
  interface ZodNumber extends ZodType<number> {
    int(): ZodNumber
    positive(): ZodNumber
  }
  type Shape<A> = { readonly [Key in keyof A]: ZodType<A[Key]> }
  export const z: {
    string(): ZodType<string>
    number(): ZodNumber
    object<A>(shape: Shape<A>): ZodType<A>
  }
}

declare module "@rotorsoft/act" {
  import type { ZodType } from "zod"
  type Named<A> = Readonly<Record<string, A>>
  interface Committed<Data> {
    readonly data: Data
  }
  interface State {
    readonly name: string
  }
  interface Emitting<Value, Data> {
    patch(patches: Named<(event: Committed<Data>, state: Value) => Value>): {
      on<Command>(actions: Named<ZodType<Command>>): {
        emit(decide: (command: Command) => [event: string, data: Data]): { build(): State }
      }
    }
  }
  export const state: <Value>(named: Named<ZodType<Value>>) => {
    init(initial: () => Value): { emits<Data>(events: Named<ZodType<Data>>): Emitting<Value, Data> }
  }
  interface Projection {
    readonly target: string
  }
  export const projection: (target: string) => {
    on<Data>(events: Named<ZodType<Data>>): {
      do(handler: () => Promise<void>): {
        batch(handler: (events: ReadonlyArray<Committed<Data>>) => Promise<void>): { build(): Projection }
      }
    }
  }
  interface Act {
    do(
      action: string,
      target: { stream: string; actor: { id: string; name: string } },
      payload: unknown
    ): Promise<unknown>
    on(event: "settled", listener: () => void): void
    off(event: "settled", listener: () => void): void
    settle(options: {
      debounceMs: number
      eventLimit: number
      correlate: { after: number; limit: number }
    }): void
  }
  export const act: () => {
    withState(state: State): { withProjection(projection: Projection): { build(): Act } }
  }
  export interface Store {
    seed(): Promise<void>
    commit(
      stream: string,
      events: ReadonlyArray<{ name: string; data: unknown }>,
      meta: { correlation: string; causation: object },
      expectedVersion?: number
    ): Promise<unknown>
    query(callback: (event: unknown) => void): Promise<number>
  }
  export const store: (adapter?: Store) => Store
}

declare module "@rotorsoft/act-sqlite" {
  import type { Store } from "@rotorsoft/act"
  export interface Client {
    execute(sql: string): Promise<{ rows: ReadonlyArray<ReadonlyArray<unknown>> }>
  }
  export interface SqliteStore extends Store {
    /** Theirs says that it is private; there is no other way to its settings. */
    readonly client: Client
  }
  export const SqliteStore: new (config: { url: string }) => SqliteStore
}
