// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: allow_origins: Azure Storage cannot say http://localhost:*: no port may be *, and null is not documented. Left out, and so not allowed.
// LIMIT: preflight_status: Azure Storage answers 200 and not 204; to browsers the same.

param accountName string

resource account 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: accountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {
  parent: account
  name: 'default'
  properties: {
    cors: {
      corsRules: [
        {
          allowedOrigins: [
            'chrome-extension://abcdefghijklmnop'
            'https://*.example.org'
            'https://app.example.com'
          ]
          allowedMethods: [
            'GET'
            'HEAD'
            'POST'
            'DELETE'
            'PATCH'
            'PUT'
          ]
          allowedHeaders: [
            'authorization'
            'content-type'
            'x-csrf-token'
          ]
          exposedHeaders: [
            'etag'
            'link'
          ]
          maxAgeInSeconds: 600
        }
      ]
    }
  }
}
