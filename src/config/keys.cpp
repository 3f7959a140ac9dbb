#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/try.hpp"

namespace hearth::config {
namespace {

// `At` leads from the owner to the member that the key is for.
template <class Owner, auto At>
Value text_of(const Owner& owner) {
    return Value(At(owner));
}

template <class Owner, auto At>
constexpr Key<Owner> text(std::string_view name, std::string_view doc) {
    return {name,
            Form::text,
            "text",
            doc,
            [](Owner& owner, const Value& value) -> Result<> {
                At(owner) = HEARTH_TRY(as_text(value));
                return {};
            },
            text_of<Owner, At>};
}

template <class Owner, auto At>
constexpr Key<Owner> hidden(std::string_view name, std::string_view doc) {
    auto key = text<Owner, At>(name, doc);
    key.secret = true;
    return key;
}

template <class Owner, auto At>
constexpr Key<Owner> url(std::string_view name, std::string_view doc) {
    return {name,
            Form::text,
            "URL",
            doc,
            [](Owner& owner, const Value& value) -> Result<> {
                At(owner) = HEARTH_TRY(as_url(value));
                return {};
            },
            text_of<Owner, At>};
}

template <class Owner, auto At>
constexpr Key<Owner> span(std::string_view name, std::string_view doc) {
    return {name,
            Form::text,
            "span",
            doc,
            [](Owner& owner, const Value& value) -> Result<> {
                At(owner) = HEARTH_TRY(as_span(value));
                return {};
            },
            [](const Owner& owner) { return Value(to_string(At(owner))); }};
}

template <class Owner, auto At, auto Choices>
constexpr Key<Owner> choice(std::string_view name, std::string_view doc) {
    return {name,
            Form::text,
            "choice",
            doc,
            [](Owner& owner, const Value& value) -> Result<> {
                At(owner) = HEARTH_TRY(as_choice(value, Choices()));
                return {};
            },
            text_of<Owner, At>};
}

constexpr std::array store_kinds{std::string_view("keychain"), std::string_view("sealed"),
                                 std::string_view("memory")};

Result<> set_store_kind(StoreSettings& store, const Value& value) {
    const auto word = HEARTH_TRY(as_choice(value, {store_kinds.begin(), store_kinds.end()}));
    for (std::size_t i = 0; i < store_kinds.size(); ++i) {
        if (store_kinds.at(i) == word) store.kind = static_cast<StoreKind>(i);
    }
    return {};
}
Value store_kind(const StoreSettings& store) {
    return std::string(store_kinds.at(static_cast<std::size_t>(store.kind)));
}

Result<> set_key_file(StoreSettings& store, const Value& value) {
    store.key_file = HEARTH_TRY(as_path(value));
    return {};
}
Result<> set_key_fd(StoreSettings& store, const Value& value) {
    store.key_fd = static_cast<int>(HEARTH_TRY(as_integer(value, 0, 1 << 20)));
    return {};
}

Result<> set_session(Profile& profile, const Value& value) {
    const auto text = HEARTH_TRY(as_text(value));
    const auto name = Name::parse(text);
    if (!name)
        return std::unexpected(Error{Remedy::usage, "is " + name.error().what, name.error().hint});
    if (reserved(text))
        return std::unexpected(Error{Remedy::usage, "is a name that hearth keeps for itself",
                                     "a name that does not begin with 'hearth.'"});
    profile.session = *name;
    return {};
}

Result<> set_scopes(Profile& profile, const Value& value) {
    const auto words = HEARTH_TRY(as_list(value));
    profile.scopes = HEARTH_TRY(Scopes::of(words));
    return {};
}

Result<> set_required_organizations(Profile& profile, const Value& value) {
    profile.required_organizations = HEARTH_TRY(as_list(value));
    return {};
}

// RFC 8707 section 2: an absolute URI without a fragment, of any scheme.
Result<> set_resources(Profile& profile, const Value& value) {
    auto resources = HEARTH_TRY(as_list(value));
    for (const auto& resource : resources) {
        const auto text = HEARTH_TRY(as_text(Value(resource)));
        if (text.find(':') == std::string::npos || text.contains('#') || text.contains(' ')) {
            return std::unexpected(
                Error{Remedy::usage, "must be absolute URIs without a fragment", ""});
        }
    }
    profile.resources = std::move(resources);
    return {};
}

Result<> set_redirect_port(Profile& profile, const Value& value) {
    constexpr auto most = std::numeric_limits<std::uint16_t>::max();
    profile.redirect_port = static_cast<std::uint16_t>(HEARTH_TRY(as_integer(value, 0, most)));
    return {};
}

// Those who wait for somebody else's run give up soon after.
Result<> set_helper_timeout(Profile& profile, const Value& value) {
    constexpr Span least = std::chrono::seconds(1);
    constexpr Span most = std::chrono::seconds(90);
    const auto timeout = HEARTH_TRY(as_span(value));
    if (timeout < least || timeout > most)
        return std::unexpected(Error{Remedy::usage, "must be between 1s and 1m30s", ""});
    profile.helper->timeout = timeout;
    return {};
}

Result<> set_helper_ttl(Profile& profile, const Value& value) {
    profile.helper->ttl = HEARTH_TRY(as_span(value));
    return {};
}

Result<> set_refresh_timeout(Profile& profile, const Value& value) {
    constexpr Span least = std::chrono::seconds(1);
    constexpr Span most = std::chrono::minutes(3);
    const auto timeout = HEARTH_TRY(as_span(value));
    if (timeout < least || timeout > most)
        return std::unexpected(Error{Remedy::usage, "must be between 1s and 3m", ""});
    profile.auth_refresh->timeout = timeout;
    return {};
}

Result<> set_sink_kind(SinkSettings& sink, const Value& value) {
    const auto word = HEARTH_TRY(as_choice(value, {sink_kinds.begin(), sink_kinds.end()}));
    sink.kind = parse_sink_kind(word).value_or(sink.kind);
    return {};
}

Result<> set_sink_path(SinkSettings& sink, const Value& value) {
    sink.path = HEARTH_TRY(as_path(value));
    while (sink.path.size() > 1 && sink.path.ends_with('/')) sink.path.pop_back();
    return {};
}

// "0640", as chmod has it.
Result<> set_sink_mode(SinkSettings& sink, const Value& value) {
    const auto text = HEARTH_TRY(as_text(value));
    unsigned mode = 0;
    const auto* const end = text.data() + text.size();
    const auto [read, problem] = std::from_chars(text.data(), end, mode, 8);
    const bool useful = (mode & 0600U) == 0600U && (mode & ~0666U) == 0 && (mode & 0022U) == 0;
    if (problem != std::errc() || read != end || !useful)
        return std::unexpected(Error{Remedy::usage,
                                     "must be the mode of a file that others cannot write",
                                     R"("0600", "0640" or "0644")"});
    sink.mode = mode;
    return {};
}

std::string mode_text(unsigned mode) {
    std::string text = "0000";
    for (std::size_t i = text.size(); i > 0; --i, mode >>= 3U)
        text[i - 1] = static_cast<char>('0' + (mode & 7U));
    return text;
}

// What is a file's name below configs/ and credentials/ for every one of the SDKs.
Result<> set_known_as(SinkSettings& sink, const Value& value) {
    const auto text = HEARTH_TRY(as_text(value));
    if (const auto name = Name::parse(text); !name)
        return std::unexpected(Error{Remedy::usage, "is " + name.error().what, name.error().hint});
    sink.known_as = text;
    return {};
}

Result<> set_duration(Profile& profile, const Value& value) {
    const auto seconds = static_cast<int>(HEARTH_TRY(as_integer(value, 900, 43'200)));
    profile.aws->duration_seconds = std::to_string(seconds);
    return {};
}

Value duration(const Profile& profile) {
    const auto& text = profile.aws->duration_seconds;
    return text.empty() ? Value(std::string()) : Value(std::stod(text));
}

Result<> set_identity_token(Profile& profile, const Value& value) {
    auto source = IdentitySource::parse(HEARTH_TRY(as_text(value)));
    if (!source) return std::unexpected(std::move(source).error());
    profile.federation->identity = *std::move(source);
    return {};
}

std::vector<std::string_view> providers() { return {"aws", "claude", "google", "oidc"}; }
std::vector<std::string_view> key_sources() {
    return {"passphrase", "key_file", "key_fd", "keychain"};
}
std::vector<std::string_view> client_auths() {
    return {"none", "client_secret_basic", "client_secret_post"};
}

std::vector<std::string_view> permissions() { return {"refuse", "allow"}; }

Result<> set_executables(Profile& profile, const Value& value) {
    profile.google->allow_executables = HEARTH_TRY(as_choice(value, permissions())) == "allow";
    return {};
}

Result<> set_delegates(Profile& profile, const Value& value) {
    profile.google->delegates = HEARTH_TRY(as_list(value));
    return {};
}

template <class Owner, auto At>
constexpr Key<Owner> path(std::string_view name, std::string_view doc) {
    return {name,
            Form::text,
            "path",
            doc,
            [](Owner& owner, const Value& value) -> Result<> {
                At(owner) = HEARTH_TRY(as_path(value));
                return {};
            },
            text_of<Owner, At>};
}

template <auto At>
constexpr Key<Profile> google_text(std::string_view name, std::string_view doc) {
    return text<Profile, [](auto& p) -> auto& { return At(*p.google); }>(name, doc);
}

template <auto At>
constexpr Key<Profile> aws_text(std::string_view name, std::string_view doc) {
    return text<Profile, [](auto& p) -> auto& { return At(*p.aws); }>(name, doc);
}

constexpr auto store_table = std::to_array<Key<StoreSettings>>({
    {"kind", Form::text, "choice",
     "Where sessions rest: `keychain` (the desktop's), `sealed` (encrypted files) or `memory` "
     "(until the process ends).",
     set_store_kind, store_kind},
    choice<StoreSettings, [](auto& s) -> auto& { return s.key_source; }, key_sources>(
        "key_source",
        "What opens the sealed files: `passphrase`, `key_file`, `key_fd` or `keychain`."),
    {"key_file", Form::text, "path",
     "A file of mode 0600 with 32 bytes, raw or in hexadecimal or base64; made when it is not "
     "there. Implies key_source = \"key_file\".",
     set_key_file, [](const StoreSettings& s) { return Value(s.key_file); }},
    {"key_fd", Form::number, "number",
     "An open file descriptor with the same 32 bytes, read once. Implies key_source = \"key_fd\".",
     set_key_fd,
     [](const StoreSettings& s) {
         return s.key_fd < 0 ? Value(std::string()) : Value(static_cast<double>(s.key_fd));
     }},
    span<StoreSettings, [](auto& s) -> auto& { return s.timeout; }>(
        "timeout", "How long one call to the keychain may take."),
});

constexpr auto network_table = std::to_array<Key<NetworkSettings>>({
    {"certificates", Form::text, "path",
     "The certificate authorities to trust, and no others: a PEM file, or a folder of such files "
     "named by their hashes. Empty: SSL_CERT_FILE and SSL_CERT_DIR, else the system's.",
     [](NetworkSettings& network, const Value& value) -> Result<> {
         network.certificates = HEARTH_TRY(as_path(value));
         return {};
     },
     [](const NetworkSettings& network) { return Value(network.certificates); }},
});

constexpr auto limit_table = std::to_array<Key<RateLimit>>({
    {"requests_per_second", Form::number, "number", "Requests to one issuer, in the long run.",
     [](RateLimit& rate, const Value& value) -> Result<> {
         rate.per_second = HEARTH_TRY(as_number(value, 0.001, 1e6));
         return {};
     },
     [](const RateLimit& rate) { return Value(rate.per_second); }},
    {"burst", Form::number, "number", "Requests to one issuer at once.",
     [](RateLimit& rate, const Value& value) -> Result<> {
         rate.burst = HEARTH_TRY(as_number(value, 1, 1e6));
         return {};
     },
     [](const RateLimit& rate) { return Value(rate.burst); }},
});

constexpr auto profile_table = std::to_array<Key<Profile>>({
    choice<Profile, [](auto& p) -> auto& { return p.provider; }, providers>(
        "provider", "The kind of account: `aws`, `claude`, `google` or `oidc`."),
    {"session", Form::text, "name",
     "The sign-in that this profile rests on; its own unless it names another profile's.",
     set_session, [](const Profile& p) { return Value(p.session.text()); }},
    url<Profile, [](auto& p) -> auto& { return p.issuer; }>(
        "issuer", "The authorization server, as its metadata names it."),
    text<Profile, [](auto& p) -> auto& { return p.client_id; }>(
        "client_id",
        "The client that you registered there. Empty: hearth registers one where the server "
        "allows it."),
    hidden<Profile, [](auto& p) -> auto& { return p.client_secret; }>(
        "client_secret", "The client's secret, if it has one."),
    choice<Profile, [](auto& p) -> auto& { return p.client_auth; }, client_auths>(
        "client_auth",
        "How the client proves itself: `none`, `client_secret_basic` or `client_secret_post`."),
    {"scopes", Form::list, "list", "What to ask for; the provider's default when empty.",
     set_scopes, [](const Profile& p) { return Value(p.scopes.values()); }},
    {"resources", Form::list, "list", "The services that the token is for (RFC 8707).",
     set_resources, [](const Profile& p) { return Value(p.resources); }},
    url<Profile, [](auto& p) -> auto& { return p.redirect_uri; }>(
        "redirect_uri", "Where the browser comes back to; its port is chosen at run time."),
    {"redirect_port", Form::number, "number",
     "The loopback port of the sign-in; 0 takes a free one.", set_redirect_port,
     [](const Profile& p) { return Value(static_cast<double>(p.redirect_port)); }},
    url<Profile, [](auto& p) -> auto& { return p.manual_redirect_uri; }>(
        "manual_redirect_uri", "The page that shows a code to paste; empty: no paste is offered."),
    text<Profile, [](auto& p) -> auto& { return p.organization; }>(
        "organization", "The sign-in must be for the organisation with this identifier."),
    {"require_organization", Form::list, "list",
     "claude: the organisations, by their identifiers, whose sessions are handed out; no others.",
     set_required_organizations, [](const Profile& p) { return Value(p.required_organizations); }},
    text<Profile, [](auto& p) -> auto& { return p.claude->workspace; }>(
        "workspace", "The workspace to work in, by its identifier."),
    url<Profile, [](auto& p) -> auto& { return p.claude->console_url; }>(
        "console_url", "claude: where API keys and organisations are managed."),
    url<Profile, [](auto& p) -> auto& { return p.claude->base_url; }>("base_url",
                                                                      "claude: the API."),
    url<Profile, [](auto& p) -> auto& { return p.claude->profile_url; }>(
        "profile_url", "claude: where `hearth whoami` asks."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->authorization; }>(
        "authorization_endpoint", "Found by discovery unless it is set, as are those below."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->token; }>(
        "token_endpoint", "Where codes and refresh tokens are exchanged."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->device_authorization; }>(
        "device_authorization_endpoint", "Where a sign-in on another device begins (RFC 8628)."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->revocation; }>(
        "revocation_endpoint", "Where `hearth logout` revokes (RFC 7009)."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->userinfo; }>(
        "userinfo_endpoint", "Where `hearth whoami` asks."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->registration; }>(
        "registration_endpoint", "Where a client is registered (RFC 7591)."),
    url<Profile, [](auto& p) -> auto& { return p.endpoints->jwks; }>(
        "jwks_uri", "The keys that ID tokens are signed with."),
    span<Profile, [](auto& p) -> auto& { return p.renewal.refresh_before; }>(
        "refresh_before", "How long before its expiry a token is renewed."),
    span<Profile, [](auto& p) -> auto& { return p.renewal.min_remaining; }>(
        "min_remaining", "The life that a token has left at least when it is handed out."),
    span<Profile, [](auto& p) -> auto& { return p.sign_in_timeout; }>(
        "sign_in_timeout", "How long a sign-in waits for the person."),
    hidden<Profile, [](auto& p) -> auto& { return p.helper->api_key; }>(
        "api_key_helper", "claude: a shell command that prints an API key."),
    hidden<Profile, [](auto& p) -> auto& { return p.helper->token; }>(
        "token_helper", "oidc: a shell command that prints an access token."),
    hidden<Profile, [](auto& p) -> auto& { return p.helper->credential_export; }>(
        "credential_export", "aws: a shell command that prints keys, as AWS's tools do."),
    {"helper_ttl", Form::text, "span",
     "How old the output of a helper may be before it is run again.", set_helper_ttl,
     [](const Profile& p) { return Value(to_string(p.helper->kept_for())); }},
    {"helper_timeout", Form::text, "span",
     "How long a helper may run; a minute and a half at most.", set_helper_timeout,
     [](const Profile& p) { return Value(to_string(p.helper->timeout)); }},
    text<Profile, [](auto& p) -> auto& { return p.federation->rule; }>(
        "federation_rule_id",
        "claude: the rule that lets a workload sign in without a person; `organization` and "
        "`workspace` go with it."),
    text<Profile, [](auto& p) -> auto& { return p.federation->service_account; }>(
        "service_account_id", "claude: the service account that such a sign-in is for."),
    {"identity_token", Form::text, "source",
     "claude: where the workload's identity token comes from: `file:PATH`, `variable:NAME`, "
     "`github`, `google` or `aws:REGION`.",
     set_identity_token,
     [](const Profile& p) { return Value(p.federation->identity.to_string()); }},
    text<Profile, [](auto& p) -> auto& { return p.federation->audience; }>(
        "identity_audience",
        "claude: whom the identity token is made out to, where hearth asks for one."),
    aws_text<[](auto& a) -> auto& {
        return a.profile;
    }>("aws_profile",
       "aws: the profile of AWS's own files that says where the keys come from. Empty, and without "
       "any of the keys below: the `default` one, else the machine's role."),
    aws_text<[](auto& a) -> auto& { return a.config_file; }>(
        "aws_config_file", "aws: the file to read instead of ~/.aws/config."),
    aws_text<[](auto& a) -> auto& { return a.credentials_file; }>(
        "aws_credentials_file", "aws: the file to read instead of ~/.aws/credentials."),
    aws_text<[](auto& a) -> auto& { return a.region; }>(
        "region", "aws: the region of requests that name none; the AWS profile's when empty."),
    aws_text<[](auto& a) -> auto& { return a.service; }>(
        "service", "aws: what a request is signed for where its host does not say."),
    aws_text<[](auto& a) -> auto& { return a.role_arn; }>(
        "role_arn", "aws: the role to assume. This and those below are as in AWS's config file."),
    aws_text<[](auto& a) -> auto& { return a.source_profile; }>(
        "source_profile", "aws: the profile of AWS's files whose keys assume the role."),
    aws_text<[](auto& a) -> auto& { return a.credential_source; }>(
        "credential_source",
        "aws: what assumes the role instead: `Ec2InstanceMetadata` or `EcsContainer`."),
    aws_text<[](auto& a) -> auto& { return a.external_id; }>(
        "external_id", "aws: what the role's owner agreed on with its user."),
    aws_text<[](auto& a) -> auto& { return a.mfa_serial; }>(
        "mfa_serial", "aws: the MFA device that the role asks for a code of, at sign-in."),
    aws_text<[](auto& a) -> auto& { return a.role_session_name; }>(
        "role_session_name", "aws: what AWS's logs call the session."),
    {"duration_seconds", Form::number, "number", "aws: how long the role's keys are good for.",
     set_duration, duration},
    aws_text<[](auto& a) -> auto& { return a.web_identity_token_file; }>(
        "web_identity_token_file", "aws: the identity token that the role is assumed with."),
    url<Profile, [](auto& p) -> auto& { return p.aws->endpoint_url; }>(
        "endpoint_url", "aws: the token service, where it is not AWS's own."),
    aws_text<[](auto& a) -> auto& { return a.sso_start_url; }>(
        "sso_start_url", "aws: the start page of Identity Center, to sign in to."),
    aws_text<[](auto& a) -> auto& { return a.sso_region; }>("sso_region",
                                                            "aws: Identity Center's region."),
    aws_text<[](auto& a) -> auto& { return a.sso_account_id; }>(
        "sso_account_id", "aws: the account to take a role of, by Identity Center."),
    aws_text<[](auto& a) -> auto& { return a.sso_role_name; }>("sso_role_name",
                                                               "aws: the role there."),
    aws_text<[](auto& a) -> auto& { return a.sso_profile; }>(
        "sso_profile", "aws: the profile of hearth that signs in to Identity Center for this one."),
    url<Profile, [](auto& p) -> auto& { return p.aws->sso_oidc_endpoint; }>(
        "sso_oidc_endpoint", "aws: Identity Center's OIDC service, where it is not AWS's own."),
    url<Profile, [](auto& p) -> auto& { return p.aws->sso_portal_endpoint; }>(
        "sso_portal_endpoint", "aws: Identity Center's portal, where it is not AWS's own."),
    hidden<Profile, [](auto& p) -> auto& { return p.auth_refresh->command; }>(
        "auth_refresh",
        "aws, google: a shell command that is run when credentials cannot be got, such as a login "
        "script."),
    {"auth_refresh_timeout", Form::text, "span",
     "aws, google: how long that command may run; three minutes at most.", set_refresh_timeout,
     [](const Profile& p) { return Value(to_string(p.auth_refresh->timeout)); }},
    path<Profile, [](auto& p) -> auto& { return p.google->credentials_file; }>(
        "credentials_file",
        "google: the credential file to use. Empty, and without client_id: the one that Google's "
        "programs would find, else the metadata server."),
    path<Profile, [](auto& p) -> auto& { return p.google->client_file; }>(
        "client_file",
        "google: the OAuth client to sign in with, as Google's console gives it, instead of "
        "client_id and client_secret."),
    google_text<[](auto& g) -> auto& { return g.project; }>(
        "project", "google: the project that `hearth exec` tells programs to work in."),
    google_text<[](auto& g) -> auto& { return g.quota_project; }>(
        "quota_project",
        "google: the project that requests count for; the credentials' when empty."),
    google_text<[](auto& g) -> auto& { return g.universe_domain; }>(
        "universe_domain", "google: the only cloud that is spoken to; googleapis.com when empty."),
    google_text<[](auto& g) -> auto& { return g.id_token_audience; }>(
        "id_token_audience", "google: hand out ID tokens for this audience."),
    google_text<[](auto& g) -> auto& { return g.jwt_audience; }>(
        "jwt_audience",
        "google: hand out JWTs that the service account's key signs for this service, such as "
        "https://aiplatform.googleapis.com/, without a request."),
    google_text<[](auto& g) -> auto& { return g.subject; }>(
        "subject", "google: the person that a service account acts for, by e-mail."),
    google_text<[](auto& g) -> auto& { return g.impersonate; }>(
        "impersonate", "google: the service account to become, by e-mail."),
    {"delegates", Form::list, "list", "google: the service accounts on the way to it, in order.",
     set_delegates, [](const Profile& p) { return Value(p.google->delegates); }},
    google_text<[](auto& g) -> auto& { return g.base_profile; }>(
        "base_profile",
        "google: the profile of hearth whose credential this one's are got with: of google to "
        "become a service account, of aws or oidc to take part in a workload identity pool."),
    google_text<[](auto& g) -> auto& { return g.workload_audience; }>(
        "workload_audience", "google: the provider of that pool, //iam.googleapis.com/projects/…"),
    {"executables", Form::text, "choice",
     "google: `allow` the command that a credential file names, or `refuse` it.", set_executables,
     [](const Profile& p) {
         return Value(std::string(p.google->allow_executables ? "allow" : "refuse"));
     }},
    url<Profile, [](auto& p) -> auto& { return p.google->sts_endpoint; }>(
        "sts_endpoint", "google: the Security Token Service, where it is not Google's own."),
    url<Profile, [](auto& p) -> auto& { return p.google->iam_endpoint; }>(
        "iam_endpoint", "google: the IAM Credentials API, where it is not Google's own."),
    url<Profile, [](auto& p) -> auto& { return p.google->tokeninfo_endpoint; }>(
        "tokeninfo_endpoint", "google: where `hearth whoami` asks, where it is not Google's own."),
});

constexpr auto sink_table = std::to_array<Key<SinkSettings>>({
    text<SinkSettings, [](auto& s) -> auto& { return s.profile; }>(
        "profile", "The profile whose credential is kept there."),
    {"kind", Form::text, "choice",
     "`token` (the bare token), `json` (as `hearth token --json` prints it), `netrc` (one entry), "
     "`folder` (a file each, swapped all at once) or `anthropic` (a profile of Anthropic's SDKs).",
     set_sink_kind, [](const SinkSettings& s) { return Value(std::string(to_string(s.kind))); }},
    {"path", Form::text, "path",
     "The file; for `folder` and `anthropic` the folder, such as that of Anthropic's SDKs, "
     "/home/NAME/.config/anthropic.",
     set_sink_path, [](const SinkSettings& s) { return Value(s.path); }},
    {"mode", Form::text, "mode", "The mode of the file; `anthropic` has its own.", set_sink_mode,
     [](const SinkSettings& s) { return Value(mode_text(s.mode)); }},
    text<SinkSettings, [](auto& s) -> auto& { return s.machine; }>(
        "machine", "netrc: the host that the entry is for."),
    text<SinkSettings, [](auto& s) -> auto& { return s.login; }>("login",
                                                                 "netrc: the user's name there."),
    {"anthropic_profile", Form::text, "name",
     "anthropic: the profile's name there, as in ANTHROPIC_PROFILE; the sink's when empty.",
     set_known_as, [](const SinkSettings& s) { return Value(s.known_as); }},
    text<SinkSettings, [](auto& s) -> auto& { return s.then; }>(
        "then",
        "A shell command to run after each change, for a minute at most; HEARTH_SINK_PATH names "
        "what changed."),
});

}  // namespace

// The members that are left out are to be empty, which is what the compiler warns of.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
Profile untouched_profile(const ProfileName& name) { return {.name = name, .session = name}; }
SinkSettings untouched_sink(const Name& name) { return {.name = name}; }
#pragma GCC diagnostic pop

std::span<const Key<StoreSettings>> store_keys() { return store_table; }
std::span<const Key<NetworkSettings>> network_keys() { return network_table; }
std::span<const Key<RateLimit>> limit_keys() { return limit_table; }
std::span<const Key<Profile>> profile_keys() { return profile_table; }
std::span<const Key<SinkSettings>> sink_keys() { return sink_table; }

}  // namespace hearth::config
