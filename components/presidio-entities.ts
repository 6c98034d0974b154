/**
 * What Presidio can be asked for, and which of its recognizers finds it. Each has a check of its own, so that it is found for
 * certain or not at all; what the guard's own rules find, and what a word alone gives away, is not among them.
 */
export const presidioEntities = {
  AU_MEDICARE: "AuMedicareRecognizer",
  AU_TFN: "AuTfnRecognizer",
  CRYPTO: "CryptoRecognizer",
  DE_HEALTH_INSURANCE: "DeHealthInsuranceRecognizer",
  DE_SOCIAL_SECURITY: "DeSocialSecurityRecognizer",
  FI_PERSONAL_IDENTITY_CODE: "FiPersonalIdentityCodeRecognizer",
  IN_AADHAAR: "InAadhaarRecognizer",
  KR_FRN: "KrFrnRecognizer",
  KR_RRN: "KrRrnRecognizer",
  MEDICAL_LICENSE: "MedicalLicenseRecognizer",
  SE_PERSONNUMMER: "SePersonnummerRecognizer",
  TH_TNIN: "ThTninRecognizer",
  TR_NATIONAL_ID: "TrNationalIdRecognizer",
  UK_NHS: "NhsRecognizer",
  ZA_ID_NUMBER: "ZaIdNumberRecognizer",
} as const;

export type PresidioEntity = keyof typeof presidioEntities;
export const presidioEntityNames = Object.keys(presidioEntities) as PresidioEntity[];

/**
 * Those that every environment looks for: of 800 texts full of drawn numbers they were found in two at most. The checks of
 * the others pass one number in ten or eleven of the right length, so a company that handles them asks for them.
 */
export const usualEntities: readonly PresidioEntity[] = [
  "CRYPTO",
  "DE_HEALTH_INSURANCE",
  "DE_SOCIAL_SECURITY",
  "FI_PERSONAL_IDENTITY_CODE",
  "KR_FRN",
  "KR_RRN",
  "ZA_ID_NUMBER",
];
