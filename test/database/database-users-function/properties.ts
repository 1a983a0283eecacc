import type { DatabasePrivilege } from '../../../src/database/database-privilege';
import type { UserProperties } from '../../../src/database/database-users-function/user-event';
import { userStatements } from '../../../src/database/user-statements';

/** The properties that DatabaseUser gives its custom resource. */
export function propertiesOf(family: 'postgresql' | 'mysql', name: string, database: string, ...privileges: DatabasePrivilege[]): UserProperties {
  const user = userStatements(family, name, database);
  const given = privileges.map(privilege => privilege._statements(family, name, database));
  return {
    clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:c',
    secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s',
    database,
    name,
    grant: [...user.ensure, ...given.flatMap(({ grant }) => grant)],
    revoke: user.revoke(given.flatMap(({ revoke }) => revoke)),
    drop: user.drop,
    transaction: family === 'postgresql' ? 'true' : 'false',
  };
}
