// TS2345: Argument of type '{ name: string; }' is not assignable to parameter of type 'KnownSubscriber'.
//   Property 'lease' is missing in type '{ name: string; }' but required in type 'Found'.
import { SubscriptionControl } from "everfold"

SubscriptionControl.pause({ name: "mial" })
