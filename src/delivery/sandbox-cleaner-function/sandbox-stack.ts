import type { Stack } from '@aws-sdk/client-cloudformation';

/** A stack with the tags of a sandbox. */
export interface SandboxStack {
  readonly name: string;
  readonly id: string;
  readonly owner: string;
  /** The last day, for example 2027-01-31. */
  readonly expires: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly isProtected: boolean;
  readonly hasRole: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The stack as a sandbox; undefined if it lacks a tag of sandboxes. A nested stack is a part of its parent. */
export function asSandbox(stack: Stack): SandboxStack | undefined {
  const tags = new Map(stack.Tags?.map(({ Key, Value }) => [Key, Value]));
  const owner = tags.get('owner');
  const expires = tags.get('expires');
  if (!owner || !expires || !DAY.test(expires) || stack.ParentId) return undefined;
  return {
    name: stack.StackName!,
    id: stack.StackId!,
    owner,
    expires,
    status: stack.StackStatus!,
    statusReason: stack.StackStatusReason,
    isProtected: stack.EnableTerminationProtection === true,
    hasRole: stack.RoleARN !== undefined,
  };
}

/** Why a stack cannot be deleted; undefined if it can. */
export function obstacleOf({ isProtected, hasRole }: SandboxStack): string | undefined {
  if (isProtected) return 'termination protection is enabled; disable it, or remove the tag expires';
  if (!hasRole) return 'the stack has no execution role; delete it with cdk destroy';
  return undefined;
}
