// TS2345: Argument of type 'Projection<"balances", …>' is not assignable to parameter of type 'Movable'.
//   Type 'Projection<"balances", …>' is not assignable to type 'DeclaredMovable'.
//     Types of property 'shape' are incompatible.
//       Type 'string' is not assignable to type '"a projection is not moved, it is rebuilt"'.
import { SubscriptionControl } from "everfold"
import { Balances } from "../../Bank.ts"

SubscriptionControl.moveTo(Balances, 0)
