export { isLiteralSecret } from '../../../private/literal-secrets';
