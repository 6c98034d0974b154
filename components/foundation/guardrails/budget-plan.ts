import type * as aws from "@pulumi/aws";

type BudgetArgs = Omit<aws.budgets.BudgetArgs, "name" | "notifications"> & {
  readonly notifications: aws.types.input.budgets.BudgetNotification[];
};

/** Months whose average is the limit where nobody named one. */
const lookBackMonths = 3;

/**
 * The account's monthly cost and when it raises an alarm. A limit that a person named is told of at four fifths of it,
 * when it is reached, and when it is forecast to be; one that follows the past only when it is passed by a fifth.
 */
export function planBudget(mail: string, monthlyUsd?: number): BudgetArgs {
  const at = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    comparisonOperator: "GREATER_THAN",
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    subscriberEmailAddresses: [mail],
  });
  const monthly = { budgetType: "COST", timeUnit: "MONTHLY" };
  if (monthlyUsd === undefined) {
    return {
      ...monthly,
      autoAdjustData: {
        autoAdjustType: "HISTORICAL",
        historicalOptions: { budgetAdjustmentPeriod: lookBackMonths },
      },
      notifications: [at("ACTUAL", 120), at("FORECASTED", 120)],
    };
  }
  return {
    ...monthly,
    limitAmount: `${monthlyUsd}`,
    limitUnit: "USD",
    notifications: [at("ACTUAL", 80), at("ACTUAL", 100), at("FORECASTED", 100)],
  };
}
