import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type CfnResource, FileAssetPackaging, Names, Stack, Stage } from 'aws-cdk-lib';
import type { CodeConfig } from 'aws-cdk-lib/aws-lambda';
import * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct, IConstruct } from 'constructs';
import { type BuiltHandler, type Bundle, isBundle } from './bundle-cache';

/**
 * A bundle as a file asset of a stack, without the three constructs of `s3_assets.Asset` for each function: loading
 * the S3 module for them takes longer than bundling.
 */
export class BundleAsset {
  /** Whether the cloud assembly contains the unmodified bundle. One that was modified is removed. */
  public static isStaged(scope: Construct, handler: BuiltHandler): boolean {
    const target = BundleAsset.folderOf(scope, handler.hash);
    if (!fs.existsSync(target)) return false;
    if (BundleAsset.isChecked(scope, target) || isBundle(target, handler)) return true;
    fs.rmSync(target, { recursive: true });
    return false;
  }

  /** Copies the bundle into the cloud assembly, unless it already contains the unmodified bundle. */
  public static stage(scope: Construct, { handler, directory }: Bundle): BundleAsset {
    BundleAsset.isStaged(scope, handler);
    return BundleAsset.write(scope, handler.hash, folder => {
      for (const { name } of handler.files) {
        if (name.includes('/')) fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        fs.copyFileSync(path.join(directory, name), path.join(folder, name));
      }
      if (handler.modulesHash !== undefined) {
        fs.cpSync(path.join(directory, 'node_modules'), path.join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
      }
    });
  }

  /** Lets a function write a package into a folder of the cloud assembly, unless the assembly already contains it. */
  public static write(scope: Construct, hash: string, writeInto: (folder: string) => void): BundleAsset {
    const target = BundleAsset.folderOf(scope, hash);
    if (!fs.existsSync(target)) {
      const partial = `${target}.${process.pid}`; // an interrupted synthesis leaves no incomplete bundle under the final name
      if (fs.existsSync(partial)) fs.rmSync(partial, { recursive: true });
      fs.mkdirSync(partial);
      writeInto(partial);
      try {
        fs.renameSync(partial, target);
      } catch (error) {
        if (!fs.existsSync(target)) throw error;
        fs.rmSync(partial, { recursive: true }); // another process that writes into the same folder was faster
      }
    }
    return new BundleAsset(scope, hash, target);
  }

  /**
   * An asset that is not built, because the CLI selected other stacks. As in CDK's own bundling, it is the folder of
   * the source.
   */
  public static unbuilt(scope: Construct, file: string): BundleAsset {
    return new BundleAsset(scope, crypto.hash('sha256', `not built: ${Names.uniqueId(scope)}`, 'hex'), path.dirname(file));
  }

  /** The assets of earlier syntheses that were compared with their bundles, by app: functions can share a bundle. */
  private static readonly checked = new WeakMap<IConstruct, Set<string>>();

  private static isChecked({ node: { root } }: Construct, target: string): boolean {
    const checked = BundleAsset.checked.get(root) ?? new Set();
    BundleAsset.checked.set(root, checked);
    return checked.has(target) || !checked.add(target);
  }

  private static folderOf(scope: Construct, hash: string): string {
    return path.join(Stage.of(scope)!.assetOutdir, `asset.${hash}`);
  }

  /** The location of the asset, for the code of a function or a layer. */
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

  /** Adds the metadata with which SAM and the hotswap deployments of the CLI find the bundle. */
  public describe(resource: CfnResource, property = 'Code'): void {
    if (!resource.node.tryGetContext(cxapi.ASSET_RESOURCE_METADATA_ENABLED_CONTEXT)) return;
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PATH_KEY, this.fileName);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, true);
    resource.addMetadata(cxapi.ASSET_RESOURCE_METADATA_PROPERTY_KEY, property);
  }
}
