/** A bank for tests: accounts, letters about them, and a journal of what was sent. */
import { Aggregate, Message, Projection, Reaction } from "everfold"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const money = { accountId: Schema.String, amount: Schema.Int.pipe(Schema.positive()) }
export class Deposit extends Message.Struct<Deposit>()("Deposit", money) {}
export class Withdraw extends Message.Struct<Withdraw>()("Withdraw", money) {}
export class Deposited extends Message.Struct<Deposited>()("Deposited", money) {}
export class Withdrawn extends Message.Struct<Withdrawn>()("Withdrawn", money) {}
export class InsufficientFunds extends Schema.TaggedError<InsufficientFunds>()("InsufficientFunds", {
  balance: Schema.Int
}) {}

export const deposit = (accountId: string, amount: number) => Deposit.make({ accountId, amount })
export const withdraw = (accountId: string, amount: number) => Withdraw.make({ accountId, amount })
export const deposited = (accountId: string, amount: number) => Deposited.make({ accountId, amount })
export const withdrawn = (accountId: string, amount: number) => Withdrawn.make({ accountId, amount })

export const Account = Aggregate.make("Account", {
  events: [Deposited, Withdrawn],
  commands: [Deposit, Withdraw],
  state: Schema.Struct({ balance: Schema.Int }),
  initial: { balance: 0 },
  id: (command) => command.accountId
})
  .evolve({
    Deposited: (state, event) => ({ balance: state.balance + event.amount }),
    Withdrawn: (state, event) => ({ balance: state.balance - event.amount })
  })
  .decide({
    Deposit: (command) => [Deposited.make({ ...command })],
    Withdraw: (command, state) =>
      state.balance < command.amount
        ? new InsufficientFunds({ balance: state.balance })
        : [Withdrawn.make({ ...command })]
  })

export class Send extends Message.Struct<Send>()("Send", { letterId: Schema.String }) {}
export class Sent extends Message.Struct<Sent>()("Sent", { letterId: Schema.String }) {}
export class AlreadySent extends Schema.TaggedError<AlreadySent>()("AlreadySent", {
  letterId: Schema.String
}) {}

/** A letter refuses to be sent twice. */
export const Letter = Aggregate.make("Letter", {
  events: [Sent],
  commands: [Send],
  state: Schema.Literal("draft", "sent"),
  initial: "draft",
  id: (command) => command.letterId
})
  .evolve({ Sent: () => "sent" })
  .decide({
    Send: ({ letterId }, state) =>
      state === "sent" ? new AlreadySent({ letterId }) : [Sent.make({ letterId })]
  })

const note = { journalId: Schema.String, text: Schema.String }
export class Note extends Message.Struct<Note>()("Note", note) {}
export class Noted extends Message.Struct<Noted>()("Noted", note) {}

/** A journal refuses nothing; an empty note is nothing to do. */
export const Journal = Aggregate.make("Journal", {
  events: [Noted],
  commands: [Note],
  state: Schema.Struct({ texts: Schema.Array(Schema.String) }),
  initial: { texts: [] },
  id: (command) => command.journalId
})
  .evolve({ Noted: (state, { text }) => ({ texts: [...state.texts, text] }) })
  .decide({ Note: (command) => (command.text === "" ? [] : [Noted.make({ ...command })]) })

/** Folds the balance, and counts how often an event was applied. */
export const Balances = Projection.make("balances", {
  row: Schema.Struct({ accountId: Schema.String, balance: Schema.Int, applied: Schema.Int }),
  events: Account.events,
  key: (event) => event.accountId,
  indexes: ["balance"]
}).on({
  Deposited: (row, { accountId, amount }) => ({
    accountId,
    balance: (row?.balance ?? 0) + amount,
    applied: (row?.applied ?? 0) + 1
  }),
  Withdrawn: (row, { accountId, amount }) => ({
    accountId,
    balance: (row?.balance ?? 0) - amount,
    applied: (row?.applied ?? 0) + 1
  })
})

/** A letter for each withdrawal, under the version of the account. */
export const Letters = Reaction.make("letters", { events: [Withdrawn], commands: [Send] }).on({
  Withdrawn: ({ accountId }, { version }) => [Send.make({ letterId: `${accountId}.${version}` })]
})

/** Two notes in one journal for each letter: a reaction to what a reaction has done. */
export const Notes = Reaction.make("notes", { events: [Sent], commands: [Note] }).on({
  Sent: ({ letterId }) => [
    Note.make({ journalId: "post", text: `${letterId} stamped` }),
    Note.make({ journalId: "post", text: `${letterId} sent` })
  ]
})

/** What a query found, or `undefined`. */
export const rowOf = <Row>({ row }: { readonly row: Option.Option<Row> }) => Option.getOrUndefined(row)
