// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: allow_origins: App Service cannot say http://localhost:*, https://*.example.org: exact origins and * alone are documented; name them one by one. Left out, and so not allowed.
// LIMIT: allow_methods and allow_headers: App Service has no setting for them, and so limits neither. Refuse in the code what nobody may call; or leave the origins empty here and let the code do CORS.
// LIMIT: expose_headers: App Service cannot say etag, link: it has no setting for it. Left out, and so not allowed.
// LIMIT: max_age: App Service has no setting for it.
// LIMIT: CORS in the code: it has no effect beside App Service's. Take it out, or this.
// LIMIT: preflights: the documentation of App Service does not say which status they have, allowed or denied; browsers see by the headers what is denied.
// LIMIT: Vary: the documentation of App Service does not say that it sends Vary: Origin. Look, before a cache keeps it.

param name string
param plan string
param location string = resourceGroup().location

resource app 'Microsoft.Web/sites@2022-09-01' = {
  name: name
  location: location
  properties: {
    serverFarmId: plan
    siteConfig: {
      cors: {
        allowedOrigins: [
          'chrome-extension://abcdefghijklmnop'
          'https://app.example.com'
        ]
        supportCredentials: true
      }
    }
  }
}
