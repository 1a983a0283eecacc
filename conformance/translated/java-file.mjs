// A block as a Java class, with what Rosetta leaves out or writes wrong.

/** Imports that Rosetta leaves out, where the pattern is in its text. An import by name decides between two packages. */
const IMPORTS = [
  [/\bRuntime\./, 'software.amazon.awscdk.services.lambda.Runtime'], // java.lang has a Runtime
  [/\bHttpMethod\./, 'software.amazon.awscdk.services.apigatewayv2.HttpMethod'], // the package of Lambda has one
  [/\bSubnetSelection\./, 'software.amazon.awscdk.services.ec2.SubnetSelection'],
  [/ScheduleExpression\./, 'software.amazon.awscdk.services.scheduler.Schedule'], // the package of EventBridge has one
];

/** What Rosetta writes, and what the packages of jsii have. */
const CORRECTIONS = [
  [/\b([a-z]\w*)\.([a-z])(\w*)(?=[.)])/g, (_, owner, first, rest) => `${owner}.get${first.toUpperCase()}${rest}()`], // a property that is read before a call
  [/\.enforceSSL\(/g, '.enforceSsl('],
  [/_10PERCENT_EVERY_1MINUTE\b/g, '_10_PERCENT_EVERY_1_MINUTE'],
  [/\bString\[\] (?=\w+ =)/g, 'List<String> '],
  [/\bfor \(Object /g, 'for (var '],
];

export function javaFile({ name, place, java }) {
  const lines = java.split('\n');
  const imports = lines.filter(line => line.startsWith('import '));
  const classes = [];
  const statements = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].startsWith('import ')) continue;
    if (!lines[i].startsWith('public class ')) {
      statements.push(lines[i]);
      continue;
    }
    const end = lines.indexOf('}', i);
    classes.push(...lines.slice(i, end + 1).map(line => line.replace(/^public class/, 'class')));
    i = end;
  }
  const added = IMPORTS.filter(([pattern, type]) => pattern.test(java) && !imports.includes(`import ${type};`)).map(([, type]) => `import ${type};`);
  return `// ${place}
package examples.${name};

import java.util.List;
import java.util.Map;
import io.github.cdkproductionlambda.*;
import software.amazon.awscdk.*;
${[...added, ...imports].join('\n')}

${corrected(classes.join('\n'))}

public final class Example {
    public static void main(final String[] args) {
${corrected(statements.join('\n'))}
    }
}
`;
}

/** The text of strings stays. */
function corrected(text) {
  return text.split(/("(?:[^"\\]|\\.)*")/).map((part, i) => i % 2 === 1 ? part : CORRECTIONS.reduce((all, [from, to]) => all.replace(from, to), part)).join('');
}
