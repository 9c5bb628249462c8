/** Commands of several aggregates, few instances of each, so that they meet. */
import { Product } from "../../../src/Domain/Catalogue/Product.ts"
import { Account, deposit, Journal, Letter, Note, Send, withdraw } from "../../Bank.ts"
import { changePrice, create, updateStock, view } from "../../Domain/Catalogue/samples.ts"
import type { Roll } from "./Dice.ts"
import { oneOf } from "./Dice.ts"
import type { Wish } from "./Request.ts"
import { wish } from "./Request.ts"

/** The account that a roll says. */
export const account = (roll: Roll): string => oneOf(roll, ["a", "b", "c"])

/** Any command: accepted, refused or nothing to do, as the log will have it. */
export const any = (roll: Roll): Wish =>
  oneOf(roll, [ofAccount, ofAccount, ofAccount, ofLetter, ofJournal, ofJournal, ofProduct])(roll)

/** A note of so many characters. */
export const note = (length: number): Wish =>
  wish(Journal, Note.make({ journalId: "journal", text: "x".repeat(length) }))

// internal

const ofAccount = (roll: Roll): Wish =>
  roll(2) === 0
    ? wish(Account, deposit(account(roll), 1 + roll(9)))
    : wish(Account, withdraw(account(roll), 1 + roll(12)))

const ofLetter = (roll: Roll): Wish => wish(Letter, Send.make({ letterId: `letter${roll(6)}` }))

/** An empty note is nothing to do. */
const ofJournal = (roll: Roll): Wish => note(roll(2))

const ofProduct = (roll: Roll): Wish =>
  oneOf(roll, [
    wish(Product, create()),
    wish(Product, updateStock(roll(3))),
    wish(Product, changePrice(1000 + roll(9) * 500)),
    wish(Product, view())
  ])
