# Takes out of the environment what would let the machine's own settings decide a test or the demonstration: trust
# stores, buses, desktop folders, proxies, and hearth's own variables. Sourced, not run.
# shellcheck shell=bash
while IFS= read -r name; do
    case "$name" in
        HEARTH_RACE_ROUNDS) ;;
        SSL_CERT_* | CURL_CA_BUNDLE | REQUESTS_CA_BUNDLE | NODE_EXTRA_CA_CERTS | NODE_OPTIONS | DBUS_* | XDG_* | HEARTH_* | \
            ANTHROPIC_* | CLAUDE_* | AWS_* | CLOUDSDK_* | GOOGLE_* | GH_* | OIDC_* | BROWSER | LD_PRELOAD | LISTEN_* | \
            http_proxy | https_proxy | all_proxy | HTTP_PROXY | HTTPS_PROXY | ALL_PROXY) unset "$name" ;;
    esac
done < <(compgen -e)
unset name
