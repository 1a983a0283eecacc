import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * The client certificates that are accepted (mutual TLS).
 */
export interface MutualTls {
  /**
   * The bucket of the truststore: the trusted certificate authorities, in PEM.
   */
  readonly bucket: s3.IBucket;

  /**
   * The key of the truststore in the bucket.
   */
  readonly key: string;

  /**
   * The version of the truststore. Without a version, a deployment does not detect a changed truststore.
   *
   * @default - the current version
   */
  readonly version?: string;
}

/**
 * A custom domain name.
 */
export interface EntranceDomain {
  /**
   * The domain name, such as `api.example.com`.
   */
  readonly domainName: string;

  /**
   * The certificate of the domain name: in the Region of the entrance, or in us-east-1 for a function URL behind CloudFront.
   */
  readonly certificate: acm.ICertificate;

  /**
   * The hosted zone in which a record for the domain name is created.
   *
   * @default - no record is created
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * The client certificates that are accepted. Revocation is not checked. Not supported by a function URL.
   *
   * @default - clients need no certificate
   */
  readonly mutualTls?: MutualTls;
}

/** Creates the DNS record of a domain whose hosted zone is set. */
export function addDnsRecord(scope: Construct, domain: EntranceDomain, target: route53.IAliasRecordTarget): void {
  if (!domain.hostedZone) return;
  new route53.ARecord(scope, 'DnsRecord', {
    zone: domain.hostedZone,
    recordName: `${domain.domainName}.`,
    target: route53.RecordTarget.fromAlias(target),
  });
}
