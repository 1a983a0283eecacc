import type { PriceName, Prices } from './prices';
import type { Language } from '../model/phrases';

/** What one price pays for, in Japanese. */
const JAPANESE_UNITS: Readonly<Record<PriceName, string>> = {
  lambdaMillionRequests: '100 万リクエスト',
  lambdaGbSecondX86: 'GB 秒 (x86_64)',
  lambdaGbSecondArm: 'GB 秒 (arm64)',
  provisionedGbSecondX86: 'プロビジョニング済み同時実行の GB 秒 (x86_64)',
  provisionedGbSecondArm: 'プロビジョニング済み同時実行の GB 秒 (arm64)',
  provisionedRunGbSecondX86: 'プロビジョニング済み同時実行でのリクエストの GB 秒 (x86_64)',
  provisionedRunGbSecondArm: 'プロビジョニング済み同時実行でのリクエストの GB 秒 (arm64)',
  snapStartCacheGbSecond: 'キャッシュ済みスナップショットの GB 秒',
  snapStartRestoreGb: '復元 GB',
  httpApiMillion: 'HTTP API への 100 万リクエスト',
  restApiMillion: 'REST API への 100 万リクエスト',
  webSocketMillion: '100 万メッセージ',
  loadBalancerHour: 'ロードバランサー時間',
  capacityUnitHour: 'ロードバランサーのキャパシティユニット時間',
  alarmMetric: 'アラームメトリクス・月',
  alarmMetricHighResolution: '高解像度アラームメトリクス・月',
  compositeAlarm: '複合アラーム・月',
  customMetric: 'カスタムメトリクス・月',
  dashboard: 'ダッシュボード・月',
  logGb: 'ログ GB',
  millionTraces: '100 万トレース',
  natHour: 'NAT ゲートウェイ時間',
  natGb: 'NAT ゲートウェイを通る GB',
  publicAddressHour: 'パブリック IPv4 アドレス時間',
  endpointHour: 'インターフェイスエンドポイント × アベイラビリティーゾーンの時間',
  endpointGb: 'インターフェイスエンドポイントを通る GB',
  acuHour: 'ACU 時間',
  acuHourIoOptimized: 'ACU 時間 (I/O 最適化)',
  proxyAcuHour: 'RDS Proxy の対象の ACU 時間',
  secretMonth: 'シークレット・月',
  keyMonth: 'キー・月',
  queueMillion: '標準キューへの 100 万リクエスト',
  fifoMillion: 'FIFO キューへの 100 万リクエスト',
  eventMillion: '100 万カスタムイベント',
  scheduleMillion: 'スケジュールの 100 万呼び出し',
  shardHour: 'シャード時間',
  streamHour: 'オンデマンドストリーム時間',
  webAclMonth: 'ウェブ ACL・月',
  webAclRuleMonth: 'ルール・月',
  webAclMillion: '検査した 100 万リクエスト',
};

/** The prices with their units in a language. */
export function pricesIn(language: Language, prices: Prices): Prices {
  if (language === 'en') return prices;
  return Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, { ...price, unit: JAPANESE_UNITS[name as PriceName] }])) as Prices;
}
