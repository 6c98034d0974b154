import { enc01 } from "./encryption/ENC-01";
import { enc02 } from "./encryption/ENC-02";
import { enc03 } from "./encryption/ENC-03";
import { enc04 } from "./encryption/ENC-04";
import { enc05 } from "./encryption/ENC-05";
import { enc06 } from "./encryption/ENC-06";
import { enc07 } from "./encryption/ENC-07";
import { enc08 } from "./encryption/ENC-08";
import { enc09 } from "./encryption/ENC-09";
import { enc10 } from "./encryption/ENC-10";
import { imm01 } from "./immutability/IMM-01";
import { imm02 } from "./immutability/IMM-02";
import { imm03 } from "./immutability/IMM-03";
import { imm04 } from "./immutability/IMM-04";
import { imm05 } from "./immutability/IMM-05";
import { imm06 } from "./immutability/IMM-06";
import { imm07 } from "./immutability/IMM-07";
import { imm08 } from "./immutability/IMM-08";
import { net01 } from "./isolation/NET-01";
import { net02 } from "./isolation/NET-02";
import { net03 } from "./isolation/NET-03";
import { net04 } from "./isolation/NET-04";
import { net05 } from "./isolation/NET-05";
import { net06 } from "./isolation/NET-06";
import { net07 } from "./isolation/NET-07";
import { net08 } from "./isolation/NET-08";
import { net09 } from "./isolation/NET-09";
import { net10 } from "./isolation/NET-10";
import { net11 } from "./isolation/NET-11";
import { net12 } from "./isolation/NET-12";
import { net13 } from "./isolation/NET-13";
import { net14 } from "./isolation/NET-14";
import { iam01 } from "./identity/IAM-01";
import { iam02 } from "./identity/IAM-02";
import { iam03 } from "./identity/IAM-03";
import { iam04 } from "./identity/IAM-04";
import { iam05 } from "./identity/IAM-05";
import { iam06 } from "./identity/IAM-06";
import { iam07 } from "./identity/IAM-07";
import { iam08 } from "./identity/IAM-08";
import { iam09 } from "./identity/IAM-09";
import { iam10 } from "./identity/IAM-10";
import { iam11 } from "./identity/IAM-11";
import { iam12 } from "./identity/IAM-12";
import { sup01 } from "./supply-chain/SUP-01";
import { sup02 } from "./supply-chain/SUP-02";
import { sup03 } from "./supply-chain/SUP-03";
import { sup04 } from "./supply-chain/SUP-04";
import { sup05 } from "./supply-chain/SUP-05";
import { sup06 } from "./supply-chain/SUP-06";
import { sup07 } from "./supply-chain/SUP-07";
import { sup08 } from "./supply-chain/SUP-08";
import { res01 } from "./data-residency/RES-01";
import { res02 } from "./data-residency/RES-02";
import { res03 } from "./data-residency/RES-03";
import { res04 } from "./data-residency/RES-04";
import { res05 } from "./data-residency/RES-05";
import { aud01 } from "./audit/AUD-01";
import { aud02 } from "./audit/AUD-02";
import { aud03 } from "./audit/AUD-03";
import { aud04 } from "./audit/AUD-04";
import { aud05 } from "./audit/AUD-05";
import { aud06 } from "./audit/AUD-06";
import { aud07 } from "./audit/AUD-07";
import { aud08 } from "./audit/AUD-08";
import { avl01 } from "./availability/AVL-01";
import { avl02 } from "./availability/AVL-02";
import { avl03 } from "./availability/AVL-03";
import { avl04 } from "./availability/AVL-04";
import { ai01 } from "./ai/AI-01";
import { ai02 } from "./ai/AI-02";
import { ai03 } from "./ai/AI-03";
import { ai04 } from "./ai/AI-04";
import { ai05 } from "./ai/AI-05";
import { ai06 } from "./ai/AI-06";
import { ai07 } from "./ai/AI-07";
import { ai08 } from "./ai/AI-08";
import { ai09 } from "./ai/AI-09";
import { ai10 } from "./ai/AI-10";
import { ai11 } from "./ai/AI-11";
import type { Rule } from "../rule";

/** Every rule that is implemented. The rest of the catalogue is reported `notEvaluated`. */
export const rules: readonly Rule[] = [
  enc01,
  enc02,
  enc03,
  enc04,
  enc05,
  enc06,
  enc07,
  enc08,
  enc09,
  enc10,
  imm01,
  imm02,
  imm03,
  imm04,
  imm05,
  imm06,
  imm07,
  imm08,
  net01,
  net02,
  net03,
  net04,
  net05,
  net06,
  net07,
  net08,
  net09,
  net10,
  net11,
  net12,
  net13,
  net14,
  iam01,
  iam02,
  iam03,
  iam04,
  iam05,
  iam06,
  iam07,
  iam08,
  iam09,
  iam10,
  iam11,
  iam12,
  sup01,
  sup02,
  sup03,
  sup04,
  sup05,
  sup06,
  sup07,
  sup08,
  res01,
  res02,
  res03,
  res04,
  res05,
  aud01,
  aud02,
  aud03,
  aud04,
  aud05,
  aud06,
  aud07,
  aud08,
  avl01,
  avl02,
  avl03,
  avl04,
  ai01,
  ai02,
  ai03,
  ai04,
  ai05,
  ai06,
  ai07,
  ai08,
  ai09,
  ai10,
  ai11,
];
