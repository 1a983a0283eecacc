import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SourceStatements } from './source-statements';

/**
 * A queue to which any number of rules, topics and buckets may send.
 *
 * @internal
 */
export class SharedQueue extends sqs.Queue {
  private readonly sources: SourceStatements;

  constructor(scope: Construct, id: string, props: sqs.QueueProps) {
    super(scope, id, props);
    this.sources = new SourceStatements(this);
  }

  /**
   * Adds a statement to the policy of the queue. Statements that allow a service to send messages, each for one source, become one
   * statement with a list of sources; for more than 20 sources it allows all sources of the account.
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const add = (added: iam.PolicyStatement) => super.addToResourcePolicy(added);
    // The constructor of the queue adds the statement that requires TLS.
    return this.sources?.add(statement, add) ?? add(statement);
  }
}
