// TS2345: Argument of type '{ name: string; }' is not assignable to parameter of type 'Movable'.
//   Property 'lease' is missing in type '{ name: string; }' but required in type 'Found'.
import { SubscriptionControl } from "everfold"

SubscriptionControl.moveTo({ name: "mial" }, 0)
