/** Features of images: extraction, files, moments. */
export {};
