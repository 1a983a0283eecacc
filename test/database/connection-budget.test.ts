import { type Stack, Token, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ConnectionBudget, type ConnectionBudgetEntry, type ConnectionBudgetProps } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { production } from '../support/production-function';
import { warningsOf } from '../support/warnings';

const reserved = (stack: Stack, id: string, reservedConcurrentExecutions?: number) => plainFunction(stack, id, { reservedConcurrentExecutions });
const problemsOf = (budget: ConnectionBudget) => budget._findProblems();

describe('a function counts', () => {
  test('with its reserved concurrency × its pool', () => {
    const budget = new ConnectionBudget({ maxConnections: 100 });
    budget.addFunction(reserved(newStack(), 'Pay', 20), { pool: 2 });
    expect(budget.taken).toBe(40);
  });

  test('with maxConcurrency if no concurrency is reserved, and with the lower of the two', () => {
    const stack = newStack();
    const budget = new ConnectionBudget();
    budget.addFunction(reserved(stack, 'Stated'), { maxConcurrency: 7 });
    budget.addFunction(reserved(stack, 'Both', 5), { maxConcurrency: 9 });
    expect(budget.taken).toBe(12);
    expect(budget.unbounded).toEqual([]);
  });

  test('twice without a proxy, because both versions hold connections while traffic shifts', () => {
    const budget = new ConnectionBudget({ maxConnections: 100, behindProxy: false });
    budget.addFunction(reserved(newStack(), 'Pay', 20));
    expect([budget.taken, budget.available]).toEqual([40, 80]);
  });

  test('with the sum of its pools if it is added twice, as an alias and as a function', () => {
    const pay = production(newStack(), { reservedConcurrentExecutions: 3 });
    const budget = new ConnectionBudget();
    budget.addFunction(pay);
    budget.addFunction(pay.definition, { pool: 2 });
    expect(budget.taken).toBe(9);
  });

  test('as unbounded without a limit', () => {
    const budget = new ConnectionBudget({ maxConnections: 1 });
    const fn = reserved(newStack(), 'Pay');
    budget.addFunction(fn);
    expect([budget.taken, budget.unbounded, problemsOf(budget)]).toEqual([0, [fn], []]);
  });
});

test('addFunction returns the entry of the function: all its pools, and the lower limit', () => {
  const budget = new ConnectionBudget();
  const fn = reserved(newStack(), 'Pay', 5);
  expect(budget.addFunction(fn)).toEqual({ pool: 1, maxConcurrency: 5 });
  expect(budget.addFunction(fn, { pool: 2, maxConcurrency: 3 })).toEqual({ pool: 3, maxConcurrency: 3 });
  expect(budget.addFunction(reserved(newStack(), 'Report'))).toEqual({ pool: 1, maxConcurrency: undefined });
});

test('concurrency that is reserved after addFunction counts', () => {
  const fn = reserved(newStack(), 'Pay');
  const budget = new ConnectionBudget();
  budget.addFunction(fn);
  (fn.node.defaultChild as { reservedConcurrentExecutions?: number } & typeof fn.node.defaultChild)!.reservedConcurrentExecutions = 4;
  expect(budget.taken).toBe(4);
});

test('the table has a line for each function, and the sum', () => {
  const stack = newStack();
  const budget = new ConnectionBudget({ maxConnections: 100, behindProxy: false });
  budget.addFunction(reserved(stack, 'Pay', 20), { pool: 2 });
  budget.addFunction(reserved(stack, 'Report'));
  expect(budget.toTable()).toBe([
    'Stack/Pay     20 × 2 × 2 versions  80',
    'Stack/Report  no limit              ?',
    '80 connections of 80 (80 % of 100)',
  ].join('\n'));
});

test('the table says if the number of connections is unknown', () => {
  expect(new ConnectionBudget().toTable()).toBe('0 connections of an unknown number');
});

describe('enforce', () => {
  const enforced = (add: (budget: ConnectionBudget, stack: Stack) => void) => {
    const stack = newStack();
    const budget = new ConnectionBudget({ maxConnections: 100, behindProxy: false });
    const cluster = new Construct(stack, 'Cluster');
    budget.enforce(cluster);
    add(budget, stack);
    return stack;
  };

  test.each([[40, false], [41, true]])('fails at synth if functions that are added later exceed the budget: %i environments, %s', (concurrency, fails) => {
    const stack = enforced((budget, home) => budget.addFunction(reserved(home, 'Pay', concurrency)));
    const synth = () => Template.fromStack(stack);
    if (!fails) return expect(synth).not.toThrow();
    return expect(synth).toThrow('[Stack/Cluster] the functions together must open at most 80 connections (80 % of 100), got 82 (Stack/Pay 41 × 1 × 2 versions = 82); '
      + 'lower the concurrency of the functions or raise the capacity');
  });

  test('names functions without a limit in a warning that can be acknowledged', () => {
    const unbounded = (budget: ConnectionBudget, home: Stack) => budget.addFunction(reserved(home, 'Pay'));
    expect(warningsOf(enforced(unbounded))).toEqual([expect.stringMatching(
      /the number of connections of these functions is unlimited: Stack\/Pay; reserve concurrency, or set 'maxConcurrency' .*cdk-production-lambda:ConnectionBudget.unboundedConcurrency/)]);
    const acknowledged = enforced(unbounded);
    Validations.of(acknowledged).acknowledge({ id: 'Annotation::cdk-production-lambda:ConnectionBudget.unboundedConcurrency', reason: 'a batch at night' });
    expect(warningsOf(acknowledged)).toEqual([]);
  });
});

describe('fails when', () => {
  test.each([[80, false], [81, true]])('functions open %i of 80 connections: %s', (concurrency, fails) => {
    const budget = new ConnectionBudget({ maxConnections: 100 });
    budget.addFunction(reserved(newStack(), 'Pay', concurrency));
    expect(problemsOf(budget)).toEqual(fails
      ? ['the functions together must open at most 80 connections (80 % of 100), got 81 (Stack/Pay 81 × 1 = 81); lower the concurrency of the functions or raise the capacity'] : []);
  });

  test.each<[string, ConnectionBudgetProps]>([
    ["'connectionsPercent' must be between 1 and 100, got 101; it is a percentage", { connectionsPercent: 101 }],
    ["'connectionsPercent' must be between 1 and 100, got 0; it is a percentage", { connectionsPercent: 0 }],
    ["'connectionsPercent' must be a whole number, got 1.5; round it", { connectionsPercent: 1.5 }],
    ["'maxConnections' must be at least 1, got 0; it is a number of connections", { maxConnections: 0 }],
    ["'maxConnections' must be a whole number, got 1.5; round it", { maxConnections: 1.5 }],
  ])('%s', (text, props) => {
    expect(() => new ConnectionBudget(props)).toThrow(new Error(`${text} (at ConnectionBudget)`));
  });

  test.each<[string, ConnectionBudgetEntry]>([
    ["'pool' must be at least 1, got 0; it is a number of connections", { pool: 0 }],
    ["'pool' must be a whole number, got 1.5; round it", { pool: 1.5 }],
    ["'maxConcurrency' must be at least 1, got 0; it is a number of execution environments", { maxConcurrency: 0 }],
    ["'maxConcurrency' must be a whole number, got 1.5; round it", { maxConcurrency: 1.5 }],
  ])('%s', (text, entry) => {
    expect(() => new ConnectionBudget().addFunction(reserved(newStack(), 'Pay'), entry)).toThrow(new Error(`${text} (at Stack/Pay)`));
  });
});

test('tokens are accepted and not counted', () => {
  const number = Token.asNumber({ Ref: 'Number' });
  const budget = new ConnectionBudget({ maxConnections: number, connectionsPercent: 50 });
  budget.addFunction(reserved(newStack(), 'Pay', number), { maxConcurrency: number, pool: number });
  expect([budget.available, budget.taken]).toEqual([undefined, 0]);
});

test('reports exactly the budgets that any functions exceed', () => {
  const stack = newStack();
  const pool = Array.from({ length: 4 }, (_, n) => reserved(stack, `F${n}`));
  const entries = fc.array(fc.record({ pool: fc.integer({ min: 1, max: 5 }), maxConcurrency: fc.integer({ min: 1, max: 400 }) }), { maxLength: 4 });
  const [connections, percent] = [fc.integer({ min: 1, max: 6_000 }), fc.integer({ min: 1, max: 100 })];
  fc.assert(fc.property(entries, connections, percent, fc.boolean(), (given, maxConnections, connectionsPercent, behindProxy) => {
    const budget = new ConnectionBudget({ maxConnections, connectionsPercent, behindProxy });
    given.forEach((entry, n) => budget.addFunction(pool[n], entry));
    const sum = given.reduce((total, entry) => total + entry.pool * entry.maxConcurrency * (behindProxy ? 1 : 2), 0);
    expect(budget.taken).toBe(sum);
    expect(problemsOf(budget)).toHaveLength(100 * sum > maxConnections * connectionsPercent ? 1 : 0);
  }));
});
