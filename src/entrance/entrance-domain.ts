import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * The certificates that clients must show (mutual TLS).
 */
export interface MutualTls {
  /**
   * The bucket with the truststore: the certificate authorities that are trusted, in PEM.
   */
  readonly bucket: s3.IBucket;

  /**
   * The object in the bucket.
   */
  readonly key: string;

  /**
   * The version of the object. Without it a changed truststore is not noticed by a deployment.
   *
   * @default - the current one
   */
  readonly version?: string;
}

/**
 * A domain name of one's own.
 */
export interface EntranceDomain {
  /**
   * The name, such as `api.example.com`.
   */
  readonly domainName: string;

  /**
   * Its certificate: of the same region, and of us-east-1 for a function URL behind CloudFront.
   */
  readonly certificate: acm.ICertificate;

  /**
   * The zone in which the name is pointed at the entrance.
   *
   * @default - you point the name at it yourself
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * The certificates that clients must show. Whether one was revoked is not checked. Not behind a function URL.
   *
   * @default - clients show none
   */
  readonly mutualTls?: MutualTls;
}

/** Points the name of the domain at what stands behind it, where its zone is known. */
export function pointAt(scope: Construct, domain: EntranceDomain, target: route53.IAliasRecordTarget): void {
  if (!domain.hostedZone) return;
  new route53.ARecord(scope, 'DnsRecord', {
    zone: domain.hostedZone,
    recordName: `${domain.domainName}.`,
    target: route53.RecordTarget.fromAlias(target),
  });
}
