import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { prefixOf, type Place } from "../private-cloud/place";
import { alarms, topicPolicy } from "./alarms-plan";
import { planBudget } from "./budget-plan";
import { guardrailNames } from "./guardrail-names";

export interface AlarmsArgs {
  readonly place: Place;
  /** Where alarms go. AWS sends one mail first, which has to be answered. */
  readonly mail: string;
  /** Key of the topic. */
  readonly keyArn: pulumi.Input<string>;
  /** US dollars a month; without it the budget follows what the account has cost so far. */
  readonly monthlyBudgetUsd?: number;
}

/** What brings an event to a person: one topic, a rule for each kind of event, and a budget. */
export class Alarms extends pulumi.ComponentResource {
  public constructor(name: string, args: AlarmsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Alarms", name, {}, options);
    const topic = this.layTopic(name, args);
    for (const { suffix, description, pattern } of alarms) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${suffix}`,
        { name: `${prefixOf(args.place)}-${suffix}`, description, eventPattern: pattern, state: "ENABLED" },
        { parent: this },
      );
      new aws.cloudwatch.EventTarget(
        `${name}-${suffix}-target`,
        { rule: rule.name, targetId: "alarms", arn: topic.arn },
        { parent: this },
      );
    }
    new aws.budgets.Budget(
      `${name}-budget`,
      { name: prefixOf(args.place), ...planBudget(args.mail, args.monthlyBudgetUsd) },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private layTopic(name: string, { place, mail, keyArn }: AlarmsArgs): aws.sns.Topic {
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { name: guardrailNames(place).alarms, kmsMasterKeyId: keyArn },
      { parent: this },
    );
    new aws.sns.TopicPolicy(`${name}-topic-policy`, { arn: topic.arn, policy: topicPolicy(place) }, { parent: this });
    new aws.sns.TopicSubscription(
      `${name}-mail`,
      { topic: topic.arn, protocol: "email", endpoint: mail },
      { parent: this },
    );
    return topic;
  }
}
