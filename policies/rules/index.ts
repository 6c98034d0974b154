import { enc01 } from "./encryption/ENC-01";
import { enc03 } from "./encryption/ENC-03";
import { enc05 } from "./encryption/ENC-05";
import { imm01 } from "./immutability/IMM-01";
import { imm03 } from "./immutability/IMM-03";
import { imm05 } from "./immutability/IMM-05";
import { net01 } from "./isolation/NET-01";
import { net02 } from "./isolation/NET-02";
import { net03 } from "./isolation/NET-03";
import { net05 } from "./isolation/NET-05";
import { net06 } from "./isolation/NET-06";
import { net08 } from "./isolation/NET-08";
import { net09 } from "./isolation/NET-09";
import { net10 } from "./isolation/NET-10";
import { net11 } from "./isolation/NET-11";
import { net12 } from "./isolation/NET-12";
import { net13 } from "./isolation/NET-13";
import { net14 } from "./isolation/NET-14";
import { iam06 } from "./identity/IAM-06";
import { iam07 } from "./identity/IAM-07";
import { iam09 } from "./identity/IAM-09";
import { iam11 } from "./identity/IAM-11";
import { sup01 } from "./supply-chain/SUP-01";
import { sup02 } from "./supply-chain/SUP-02";
import { sup04 } from "./supply-chain/SUP-04";
import { sup06 } from "./supply-chain/SUP-06";
import { res01 } from "./data-residency/RES-01";
import { aud03 } from "./audit/AUD-03";
import { avl01 } from "./availability/AVL-01";
import { avl03 } from "./availability/AVL-03";
import { ai03 } from "./ai/AI-03";
import { ai04 } from "./ai/AI-04";
import type { Rule } from "../rule";

/** Every rule that is implemented. The rest of the catalogue is reported `notEvaluated`. */
export const rules: readonly Rule[] = [
  enc01,
  enc03,
  enc05,
  imm01,
  imm03,
  imm05,
  net01,
  net02,
  net03,
  net05,
  net06,
  net08,
  net09,
  net10,
  net11,
  net12,
  net13,
  net14,
  iam06,
  iam07,
  iam09,
  iam11,
  sup01,
  sup02,
  sup04,
  sup06,
  res01,
  aud03,
  avl01,
  avl03,
  ai03,
  ai04,
];
