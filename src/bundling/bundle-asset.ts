import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type CfnResource, FileAssetPackaging, Names, Stack, Stage } from 'aws-cdk-lib';
import type { CodeConfig } from 'aws-cdk-lib/aws-lambda';
import * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { Built } from './build';

/**
 * A bundle as a file asset of a stack: what `s3_assets.Asset` makes of a bundled folder, without its constructs. Loading
 * S3 for them, three for each function, takes longer than bundling (docs/adr/0066-what-bundling-adds.md).
 */
export class BundleAsset {
  /** Copies the bundle into the cloud assembly, unless it is there. */
  public static stage(scope: Construct, { handler, directory }: Built): BundleAsset {
    const target = path.join(Stage.of(scope)!.assetOutdir, `asset.${handler.hash}`);
    if (!fs.existsSync(target)) {
      const half = `${target}.${process.pid}`; // a synth that is ended meanwhile leaves no half of a bundle under its name
      if (fs.existsSync(half)) fs.rmSync(half, { recursive: true });
      fs.mkdirSync(half);
      for (const { name } of handler.files) fs.copyFileSync(path.join(directory, name), path.join(half, name));
      if (handler.modules.length > 0) {
        fs.cpSync(path.join(directory, 'node_modules'), path.join(half, 'node_modules'), { recursive: true, verbatimSymlinks: true });
      }
      try {
        fs.renameSync(half, target);
      } catch (error) {
        if (!fs.existsSync(target)) throw error;
        fs.rmSync(half, { recursive: true }); // another synth into the same folder was first
      }
    }
    return new BundleAsset(scope, handler.hash, target);
  }

  /** The CLI asked for other stacks only: like CDK's own bundling, nothing is built, and the folder of the source stands for it. */
  public static unbuilt(scope: Construct, file: string): BundleAsset {
    return new BundleAsset(scope, crypto.hash('sha256', `not built: ${Names.uniqueId(scope)}`, 'hex'), path.dirname(file));
  }

  /** For the code of a function, or of a layer. */
  public readonly config: CodeConfig;

  private readonly fileName: string;

  private constructor(scope: Construct, sourceHash: string, folder: string) {
    const { outdir, assetOutdir } = Stage.of(scope)!;
    this.fileName = folder.startsWith(assetOutdir + path.sep) ? path.relative(outdir, folder) : folder;
    const { bucketName, objectKey } = Stack.of(scope).synthesizer.addFileAsset({
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      sourceHash,
      fileName: this.fileName,
      deployTime: true,
      displayName: `${Names.stackRelativeConstructPath(scope)}/Code`,
    });
    this.config = { s3Location: { bucketName, objectKey } };
  }

  /** Where SAM, and the CLI when it hot-swaps, find the bundle. */
  public describe(resource: CfnResource, property = 'Code'): void {
    if (!resource.node.tryGetContext(cxapi.ASSET_RESOURCE_METADATA_ENABLED_CONTEXT)) return;
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PATH_KEY, this.fileName);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, true);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PROPERTY_KEY, property);
  }
}
