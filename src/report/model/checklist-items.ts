/** What decides an item: rules, a fact about the app, or nothing that a template contains. */
export interface ItemSource {
  readonly id: string;
  readonly en: string;
  readonly ja: string;
  /** The item is not held if one of these rules has an open finding. */
  readonly rules?: readonly string[];
  /** A fact that `checklist-facts.ts` decides. */
  readonly fact?: string;
  /** The item applies only if the app has resources of one of these types. */
  readonly types?: readonly string[];
}

export interface ChecklistSource {
  readonly en: string;
  readonly ja: string;
  readonly source: string;
  readonly items: readonly ItemSource[];
}

const MAPPING = ['AWS::Lambda::EventSourceMapping'];
const API = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api', 'AWS::Lambda::Url'];
const DATABASE = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** The checklist for production of AWS's agent toolkit for serverless applications. */
const PRODUCTION: ChecklistSource = {
  en: 'AWS serverless production checklist',
  ja: 'AWS サーバーレス本番チェックリスト',
  source: 'https://github.com/aws/agent-toolkit-for-aws/blob/main/skills/core-skills/aws-serverless/references/production.md',
  items: [
    { id: 'Compute 1', en: 'Memory is chosen and not left at the default; whether it was measured is not visible', ja: 'メモリを選択している (計測の有無は確認不可)', rules: ['LP-F04', 'LP-F05'] },
    { id: 'Compute 2', en: 'The timeout is set explicitly', ja: 'タイムアウトを明示する', rules: ['LP-F01', 'LP-F03'] },
    { id: 'Compute 3', en: 'Reserved concurrency protects what is downstream', ja: '予約同時実行数で下流を守る', rules: ['LP-D05', 'LP-D06', 'LP-F39'], types: DATABASE },
    { id: 'Compute 4', en: 'Every asynchronous invocation and event source has a failure destination', ja: 'すべての非同期呼び出しとイベントソースに失敗時の送信先がある', rules: ['LP-F23', 'LP-F34', 'LP-F45', 'LP-F133', 'LP-F138'] },
    { id: 'Compute 5', en: 'Clients are created outside of the handler', ja: 'クライアントはハンドラーの外で作る' },
    { id: 'Compute 6', en: 'The deployment package is small', ja: 'デプロイパッケージが小さい', rules: ['LP-C16', 'LP-C17'] },
    { id: 'Observability 1', en: 'Logs are structured as JSON', ja: 'ログは JSON 形式', rules: ['LP-F12'] },
    { id: 'Observability 2', en: 'X-Ray tracing is active', ja: 'X-Ray のアクティブトレースが有効', rules: ['LP-F86'] },
    { id: 'Observability 3', en: 'Custom metrics are written in the embedded metric format', ja: 'カスタムメトリクスは埋め込みメトリクス形式で出力する' },
    { id: 'Observability 4', en: 'Alarms watch every function', ja: 'すべての関数をアラームが監視する', rules: ['LP-F140', 'LP-F60'] },
    { id: 'Observability 5', en: 'Logs have a retention period', ja: 'ログに保持期間がある', rules: ['LP-F13', 'LP-F135'] },
    { id: 'Observability 6', en: 'Log groups are encrypted with a customer managed key where compliance requires it', ja: '必要な場合はロググループをカスタマー管理キーで暗号化する', rules: ['LP-F15'], types: ['AWS::KMS::Key'] },
    { id: 'Observability 7', en: 'Lambda Insights is enabled', ja: 'Lambda Insights が有効', fact: 'insights' },
    { id: 'Security 1', en: 'Each function has its own role, which names its resources', ja: '関数ごとに専用ロールがあり、リソースを限定する', rules: ['LP-F72', 'LP-F90'] },
    { id: 'Security 2', en: 'Environment variables contain no secrets', ja: '環境変数にシークレットがない', rules: ['LP-F16'] },
    { id: 'Security 3', en: 'Handlers validate their input', ja: 'ハンドラーが入力を検証する' },
    { id: 'Security 4', en: 'Functions are in a VPC only if they must reach a resource there', ja: '必要な関数だけを VPC に置く', rules: ['LP-F77', 'LP-F76'] },
    { id: 'Security 5', en: 'GuardDuty, Security Hub and Inspector scan the functions', ja: 'GuardDuty、Security Hub、Inspector で関数を監視する' },
    { id: 'Security 6', en: 'Function URLs use IAM authorization', ja: '関数 URL は IAM 認証を使う', rules: ['LP-H22'], types: ['AWS::Lambda::Url'] },
    { id: 'Security 7', en: 'Queues are encrypted at rest', ja: 'キューは保管時に暗号化される', fact: 'queuesEncrypted', types: ['AWS::SQS::Queue'] },
    { id: 'Security 8', en: 'Tables use a customer managed key where compliance requires it', ja: '必要な場合はテーブルをカスタマー管理キーで暗号化する', types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'] },
    { id: 'Security 9', en: 'Policies of buckets and queues require TLS', ja: 'バケットとキューのポリシーが TLS を必須にする', fact: 'tls', types: ['AWS::SQS::Queue', 'AWS::S3::Bucket'] },
    { id: 'Reliability 1', en: 'Every handler is idempotent', ja: 'すべてのハンドラーがべき等' },
    { id: 'Reliability 2', en: 'Event sources report partial batch failures', ja: 'イベントソースは部分的なバッチ失敗を返す', rules: ['LP-F38'], types: MAPPING },
    { id: 'Reliability 3', en: 'Streams bisect a failing batch', ja: 'ストリームは失敗したバッチを二分する', rules: ['LP-F46'], types: MAPPING },
    { id: 'Reliability 4', en: 'Retries and event age are bounded', ja: '再試行回数とイベントの有効期間に上限がある', rules: ['LP-F44', 'LP-F78', 'LP-F83'] },
    { id: 'Reliability 5', en: 'Reserved concurrency of 0 is documented as the emergency stop', ja: '予約同時実行数 0 を緊急停止手段として文書化する' },
    { id: 'Reliability 6', en: 'Handlers raise no unhandled exceptions', ja: 'ハンドラーに未処理の例外がない' },
    { id: 'Deployment 1', en: 'Traffic shifts in steps, and alarms roll it back', ja: 'トラフィックを段階的に移し、アラームでロールバックする', rules: ['LP-P08', 'LP-P09', 'LP-P31', 'LP-P48'], fact: 'canary' },
    { id: 'Deployment 2', en: 'All infrastructure is code', ja: 'インフラはすべてコード', fact: 'always' },
    { id: 'Deployment 3', en: 'Stages have accounts of their own', ja: 'ステージごとにアカウントを分ける' },
    { id: 'Deployment 4', en: 'A smoke test runs before the traffic shifts', ja: 'トラフィック移行前にスモークテストを実行する', fact: 'smokeTest' },
  ],
};

/** The questions of the Serverless Applications Lens of the Well-Architected Framework. */
const LENS: ChecklistSource = {
  en: 'AWS Well-Architected Serverless Applications Lens',
  ja: 'AWS Well-Architected サーバーレスアプリケーションレンズ',
  source: 'https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/welcome.html',
  items: [
    { id: 'OPS 1', en: 'The health of the application is known: alarms, JSON logs, traces', ja: 'アプリケーションの健全性を把握している: アラーム、JSON ログ、トレース', rules: ['LP-F140', 'LP-F12', 'LP-F86', 'LP-F60'] },
    { id: 'OPS 2', en: 'The lifecycle is managed: versions, gradual deployments, rollback', ja: 'ライフサイクルを管理している: バージョン、段階的デプロイ、ロールバック', rules: ['LP-P04', 'LP-P06', 'LP-P08', 'LP-P09', 'LP-H26', 'LP-P19'], fact: 'canary' },
    { id: 'SEC 1', en: 'Access to APIs is controlled', ja: 'API へのアクセスを制御している', rules: ['LP-H09', 'LP-H22', 'LP-H60'], types: API },
    { id: 'SEC 2', en: 'Security boundaries are managed: one narrow role per function', ja: 'セキュリティ境界を管理している: 関数ごとの最小権限ロール', rules: ['LP-F72', 'LP-F90', 'LP-F87', 'LP-F73', 'LP-F74'] },
    { id: 'SEC 3', en: 'Application security: no secrets in variables, supported runtimes', ja: 'アプリケーションセキュリティ: 変数にシークレットがなく、ランタイムがサポート対象', rules: ['LP-F16', 'LP-F06', 'LP-H20'] },
    { id: 'REL 1', en: 'Inbound request rates are regulated', ja: '受信リクエストのレートを制限している', rules: ['LP-H11', 'LP-H23'], types: API },
    { id: 'REL 2', en: 'The application is resilient: retries, destinations, dead-letter queues', ja: '回復力がある: 再試行、送信先、デッドレターキュー', rules: ['LP-F23', 'LP-F24', 'LP-F31', 'LP-F32', 'LP-F34', 'LP-F35', 'LP-F37', 'LP-F44', 'LP-F45', 'LP-F138'] },
    { id: 'PERF 1', en: 'Performance is optimized: memory, package, connections', ja: 'パフォーマンスを最適化している: メモリ、パッケージ、接続', rules: ['LP-F04', 'LP-F05', 'LP-C16', 'LP-D33'] },
    { id: 'COST 1', en: 'Cost is optimized: arm64, log retention, no fixed spare capacity', ja: 'コストを最適化している: arm64、ログ保持期間、固定の余剰容量なし', rules: ['LP-F09', 'LP-F13', 'LP-C14', 'LP-C08'] },
  ],
};

/** The controls of AWS Security Hub for Lambda. */
const SECURITY_HUB: ChecklistSource = {
  en: 'AWS Security Hub controls for Lambda',
  ja: 'Lambda の AWS Security Hub コントロール',
  source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html',
  items: [
    { id: 'Lambda.1', en: 'Function policies prohibit public access', ja: '関数ポリシーがパブリックアクセスを禁止する', rules: ['LP-F87', 'LP-H22', 'LP-F73'] },
    { id: 'Lambda.2', en: 'Functions use supported runtimes', ja: 'サポート対象のランタイムを使う', rules: ['LP-F06'] },
    { id: 'Lambda.3', en: 'Functions are in a VPC', ja: '関数が VPC 内にある', fact: 'inVpc' },
    { id: 'Lambda.5', en: 'Functions in a VPC span several Availability Zones', ja: 'VPC 内の関数が複数のアベイラビリティーゾーンを使う', rules: ['LP-F75'] },
    { id: 'Lambda.6', en: 'Functions have tags', ja: '関数にタグがある', fact: 'tagged' },
    { id: 'Lambda.7', en: 'Functions have active tracing', ja: '関数でアクティブトレースが有効', rules: ['LP-F86'] },
  ],
};

export const CHECKLISTS: readonly ChecklistSource[] = [PRODUCTION, LENS, SECURITY_HUB];
