import { withPythonNames } from '../../src/private/caller-names';

const message = "'maxConcurrency' must be at most 'queue.limit', got 'Settlements'; raise 'maxConcurrency' or 'expiresAfter' (at Orders/Queue)";

afterEach(() => { delete process.env.JSII_AGENT; });

test('adds the names of props in Python to a message, each once', () => {
  process.env.JSII_AGENT = 'Python/3.11.7';
  expect(withPythonNames(message)).toBe(`${message} (in Python: 'max_concurrency', 'expires_after')`);
});

test("leaves a message without such names as it is: 'memory' is the same in Python", () => {
  process.env.JSII_AGENT = 'Python/3.11.7';
  expect(withPythonNames("'memory' must be at least 128")).toBe("'memory' must be at least 128");
});

test.each([undefined, 'Java/17.0.15', 'go/1.26', 'DotNet/8.0'])('leaves the messages of an app of %s as they are', agent => {
  if (agent) process.env.JSII_AGENT = agent;
  expect(withPythonNames(message)).toBe(message);
});
