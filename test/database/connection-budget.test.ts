import { type Stack, Token, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ConnectionBudget, type ConnectionBudgetProps } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { production } from '../support/production-function';
import { warningsOf } from '../support/warnings';

const reserved = (stack: Stack, id: string, reservedConcurrentExecutions?: number) => plainFunction(stack, id, { reservedConcurrentExecutions });
const problemsOf = (budget: ConnectionBudget) => budget._findProblems();

describe('a function takes', () => {
  test('its reserved concurrency × its pool', () => {
    const budget = new ConnectionBudget({ maxConnections: 100 });
    budget.add(reserved(newStack(), 'Pay', 20), { pool: 2 });
    expect(budget.taken).toBe(40);
  });

  test('the stated concurrency where none is reserved, and the smaller of the two', () => {
    const stack = newStack();
    const budget = new ConnectionBudget();
    budget.add(reserved(stack, 'Stated'), { maxConcurrency: 7 });
    budget.add(reserved(stack, 'Both', 5), { maxConcurrency: 9 });
    expect(budget.taken).toBe(12);
    expect(budget.unbounded).toEqual([]);
  });

  test('twice as much without a proxy, because both versions hold theirs while traffic shifts', () => {
    const budget = new ConnectionBudget({ maxConnections: 100, behindProxy: false });
    budget.add(reserved(newStack(), 'Pay', 20));
    expect([budget.taken, budget.available]).toEqual([40, 80]);
  });

  test('the sum of its pools where it is entered twice, by its alias and by itself', () => {
    const pay = production(newStack(), { reservedConcurrentExecutions: 3 });
    const budget = new ConnectionBudget();
    budget.add(pay);
    budget.add(pay.definition, { pool: 2 });
    expect(budget.taken).toBe(9);
  });

  test('nothing that is known where nothing bounds it', () => {
    const budget = new ConnectionBudget({ maxConnections: 1 });
    const fn = reserved(newStack(), 'Pay');
    budget.add(fn);
    expect([budget.taken, budget.unbounded, problemsOf(budget)]).toEqual([0, [fn], []]);
  });
});

test('concurrency that is reserved later counts', () => {
  const fn = reserved(newStack(), 'Pay');
  const budget = new ConnectionBudget();
  budget.add(fn);
  (fn.node.defaultChild as { reservedConcurrentExecutions?: number } & typeof fn.node.defaultChild)!.reservedConcurrentExecutions = 4;
  expect(budget.taken).toBe(4);
});

test('the table has a line for each function, the unknown and the sum', () => {
  const stack = newStack();
  const budget = new ConnectionBudget({ maxConnections: 100, behindProxy: false });
  budget.add(reserved(stack, 'Pay', 20), { pool: 2 });
  budget.add(reserved(stack, 'Report'));
  expect(budget.toTable()).toBe([
    'Stack/Pay     20 × 2 × 2 versions  80',
    'Stack/Report  no bound              ?',
    '80 connections of 80 (80 % of 100)',
  ].join('\n'));
});

test('the table says that the number of connections is not known', () => {
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

  test.each([[40, false], [41, true]])('refuses at synth what is entered later and too much: %i environments, %s', (concurrency, fails) => {
    const stack = enforced((budget, home) => budget.add(reserved(home, 'Pay', concurrency)));
    const synth = () => Template.fromStack(stack);
    if (!fails) return expect(synth).not.toThrow();
    return expect(synth).toThrow('[Stack/Cluster] the functions may take at most 80 connections together (80 % of 100), got 82 (Stack/Pay 41 × 1 × 2 versions = 82); '
      + 'lower the concurrency of the functions or raise the capacity');
  });

  test('names what nothing bounds in a warning that can be acknowledged', () => {
    const unbounded = (budget: ConnectionBudget, home: Stack) => budget.add(reserved(home, 'Pay'));
    expect(warningsOf(enforced(unbounded))).toEqual([expect.stringMatching(
      /nothing bounds how many connections these functions take: Stack\/Pay; reserve concurrency or state 'maxConcurrency' .*cdk-production-lambda:ConnectionBudget.unboundedConcurrency/)]);
    const acknowledged = enforced(unbounded);
    Validations.of(acknowledged).acknowledge({ id: 'Annotation::cdk-production-lambda:ConnectionBudget.unboundedConcurrency', reason: 'a batch at night' });
    expect(warningsOf(acknowledged)).toEqual([]);
  });
});

describe('fails when', () => {
  test.each([[80, false], [81, true]])('%i of 80 connections are taken: %s', (concurrency, fails) => {
    const budget = new ConnectionBudget({ maxConnections: 100 });
    budget.add(reserved(newStack(), 'Pay', concurrency));
    expect(problemsOf(budget)).toEqual(fails
      ? ['the functions may take at most 80 connections together (80 % of 100), got 81 (Stack/Pay 81 × 1 = 81); lower the concurrency of the functions or raise the capacity'] : []);
  });

  test.each<[string, ConnectionBudgetProps]>([
    ["'connectionsPercent' must be at most 100, got 101; lower it", { connectionsPercent: 101 }],
    ["'connectionsPercent' must be a whole number of at least 1, got 0", { connectionsPercent: 0 }],
    ["'maxConnections' must be a whole number of at least 1, got 1.5", { maxConnections: 1.5 }],
  ])('%s', (text, props) => {
    expect(() => new ConnectionBudget(props)).toThrow(new Error(text));
  });

  test.each(['pool', 'maxConcurrency'])('%s is no whole number', prop => {
    expect(() => new ConnectionBudget().add(reserved(newStack(), 'Pay'), { [prop]: 0 })).toThrow(new Error(`'${prop}' must be a whole number of at least 1, got 0`));
  });
});

test('tokens pass every guard and are not counted', () => {
  const number = Token.asNumber({ Ref: 'Number' });
  const budget = new ConnectionBudget({ maxConnections: number, connectionsPercent: 50 });
  budget.add(reserved(newStack(), 'Pay', number), { maxConcurrency: number, pool: number });
  expect([budget.available, budget.taken]).toEqual([undefined, 0]);
});

test('refuses exactly what goes beyond the share, for any functions', () => {
  const stack = newStack();
  const pool = Array.from({ length: 4 }, (_, n) => reserved(stack, `F${n}`));
  const entries = fc.array(fc.record({ pool: fc.integer({ min: 1, max: 5 }), maxConcurrency: fc.integer({ min: 1, max: 400 }) }), { maxLength: 4 });
  const [connections, percent] = [fc.integer({ min: 1, max: 6_000 }), fc.integer({ min: 1, max: 100 })];
  fc.assert(fc.property(entries, connections, percent, fc.boolean(), (given, maxConnections, connectionsPercent, behindProxy) => {
    const budget = new ConnectionBudget({ maxConnections, connectionsPercent, behindProxy });
    given.forEach((entry, n) => budget.add(pool[n], entry));
    const sum = given.reduce((total, entry) => total + entry.pool * entry.maxConcurrency * (behindProxy ? 1 : 2), 0);
    expect(budget.taken).toBe(sum);
    expect(problemsOf(budget)).toHaveLength(100 * sum > maxConnections * connectionsPercent ? 1 : 0);
  }));
});
