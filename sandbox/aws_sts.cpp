#include <fmt/format.h>

#include <algorithm>

#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/aws_sts_limits.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

constexpr seconds longest_in_a_chain{3600};
constexpr seconds usual_role{3600};
constexpr seconds usual_session{43200};

using Answered = AwsOutcome<Response>;

std::string credentials_xml(const AwsKey& key) {
    return "<Credentials>" + aws_member("AccessKeyId", key.id) +
           aws_member("SecretAccessKey", key.secret) + aws_member("SessionToken", key.token) +
           aws_member("Expiration", to_iso8601(key.expires_at)) + "</Credentials>";
}

std::string assumed_xml(const AwsKey& key, const Parameters& parameters) {
    return "\n" + credentials_xml(key) + "<AssumedRoleUser>" +
           aws_member("AssumedRoleId", key.principal.user_id) +
           aws_member("Arn", key.principal.arn) + "</AssumedRoleUser>" +
           aws_member("PackedPolicySize", parameters.one("Policy").empty() ? "" : "6") +
           aws_member("SourceIdentity", parameters.one("SourceIdentity"));
}

std::unexpected<AwsError> not_authorized(const std::string& who, std::string_view action,
                                         const std::string& role) {
    return aws_error(
        403, "AccessDenied",
        fmt::format("{} is not authorized to perform: sts:{} on resource: {}", who, action, role));
}

// Whether the multi-factor code, if there is one, is right; it is spent then.
AwsOutcome<bool> with_mfa(Aws& aws, const Parameters& parameters) {
    const auto code = parameters.one("TokenCode");
    if (code.empty()) return false;
    if (!aws.mfa.spend(parameters.one("SerialNumber"), code))
        return aws_error(403, "AccessDenied",
                         "MultiFactorAuthentication failed with invalid MFA one time pass code.");
    return true;
}

bool trusts(const AwsRole& role, const Principal& principal) {
    if (principal.account != aws_account) return false;
    return principal.role.empty()
               ? role.trusts_users
               : std::ranges::find(role.trusts_roles, principal.role) != role.trusts_roles.end();
}

// The role, once it lets this caller in.
AwsOutcome<const AwsRole*> assumable(Exchange& exchange, const Principal& caller,
                                     const Parameters& parameters) {
    Aws& aws = exchange.state.aws;
    const auto arn = parameters.one("RoleArn");
    const AwsRole* role = aws.role(arn);
    const auto denied = [&] { return not_authorized("User: " + caller.arn, "AssumeRole", arn); };
    if (role == nullptr || !trusts(*role, caller)) return denied();
    if (!role->external_id.empty() && role->external_id != parameters.one("ExternalId"))
        return denied();
    const auto mfa = with_mfa(aws, parameters);
    if (!mfa) return std::unexpected(mfa.error());
    if (role->needs_mfa && !*mfa && !caller.with_mfa) return denied();
    return role;
}

Answered assume_role(Exchange& exchange, const AwsKey& caller, const Parameters& parameters) {
    if (const auto checked = check_assume_role(parameters); !checked)
        return std::unexpected(checked.error());
    const auto asked = duration_in(parameters, usual_role);
    if (!caller.principal.role.empty() && asked > longest_in_a_chain)
        return aws_error(400, "ValidationError",
                         "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                         "assumed by role chaining");
    const auto role = assumable(exchange, caller.principal, parameters);
    if (!role) return std::unexpected(role.error());
    Aws& aws = exchange.state.aws;
    const auto& key = aws.keys.issue(
        role_session(std::string(aws_account), (*role)->name, parameters.one("RoleSessionName")),
        aws.lifetime(asked), exchange.now);
    return aws_result("AssumeRole", assumed_xml(key, parameters));
}

// The identity behind the token, or the error that STS has for what is wrong with it.
AwsOutcome<Identity> web_identity(Exchange& exchange, const Parameters& parameters) {
    auto identity = identity_of(exchange.state, parameters.one("WebIdentityToken"), exchange.now);
    if (!identity && identity.error().expired)
        return aws_error(400, "ExpiredTokenException", "Token expired: " + identity.error().why);
    if (!identity) return aws_error(400, "InvalidIdentityToken", identity.error().why);
    if (!is_for(identity->claims, std::string(aws_web_audience)))
        return aws_error(400, "InvalidIdentityToken", "Incorrect token audience");
    return *std::move(identity);
}

Answered assume_role_with_web_identity(Exchange& exchange, const Parameters& parameters) {
    if (const auto checked = check_web_identity(parameters); !checked)
        return std::unexpected(checked.error());
    const auto identity = web_identity(exchange, parameters);
    if (!identity) return std::unexpected(identity.error());
    Aws& aws = exchange.state.aws;
    const auto arn = parameters.one("RoleArn");
    const AwsRole* role = aws.role(arn);
    if (role == nullptr || !role->trusts_web_identity ||
        !identity->subject.starts_with(aws_web_subject))
        return not_authorized("The identity", "AssumeRoleWithWebIdentity", arn);
    const auto& key = aws.keys.issue(
        role_session(std::string(aws_account), role->name, parameters.one("RoleSessionName")),
        aws.lifetime(duration_in(parameters, usual_role)), exchange.now);
    exchange.aws.principal = identity->subject;
    return aws_result("AssumeRoleWithWebIdentity",
                      assumed_xml(key, parameters) +
                          aws_member("SubjectFromWebIdentityToken", identity->subject) +
                          aws_member("Provider", exchange.state.settings.origin) +
                          aws_member("Audience", aws_web_audience));
}

Answered session_token(Exchange& exchange, const AwsKey& caller, const Parameters& parameters) {
    if (const auto checked = check_session_token(parameters); !checked)
        return std::unexpected(checked.error());
    Aws& aws = exchange.state.aws;
    if (!caller.token.empty())
        return aws_error(403, "AccessDenied",
                         "Cannot call GetSessionToken with session credentials");
    const auto mfa = with_mfa(aws, parameters);
    if (!mfa) return std::unexpected(mfa.error());
    auto principal = caller.principal;
    principal.with_mfa = *mfa;
    const auto& key = aws.keys.issue(
        principal, aws.lifetime(duration_in(parameters, usual_session)), exchange.now);
    return aws_result("GetSessionToken", credentials_xml(key));
}

Response caller_identity(const Principal& principal) {
    return aws_result("GetCallerIdentity", aws_member("Arn", principal.arn) +
                                               aws_member("UserId", principal.user_id) +
                                               aws_member("Account", principal.account));
}

// A form; or a query, which a presigned request has.
AwsOutcome<Parameters> parameters_of(const Request& request) {
    const bool posted = request.method == "POST";
    if (posted && !request.declares("application/x-www-form-urlencoded"))
        return aws_error(400, "MalformedInput", "The body must be form-encoded");
    auto parameters = Parameters::parse(posted ? request.body : request.query);
    if (!parameters) return aws_error(400, "MalformedInput", "The parameters cannot be read");
    if (parameters->one("Version") != "2011-06-15")
        return aws_error(400, "InvalidAction", "Version must be 2011-06-15");
    return *std::move(parameters);
}

Answered answer(Exchange& exchange) {
    const auto parameters = parameters_of(exchange.request);
    if (!parameters) return std::unexpected(parameters.error());
    const auto action = parameters->one("Action");
    if (action == "AssumeRoleWithWebIdentity")
        return assume_role_with_web_identity(exchange, *parameters);
    const auto signer = aws_signer(exchange, exchange.request, "sts");
    if (!signer) return std::unexpected(signer.error());
    if (action == "AssumeRole") return assume_role(exchange, **signer, *parameters);
    if (action == "GetSessionToken") return session_token(exchange, **signer, *parameters);
    if (action == "GetCallerIdentity") return caller_identity((*signer)->principal);
    return aws_error(400, "InvalidAction", "Could not find operation for version 2011-06-15");
}

}  // namespace

Response sts_endpoint(Exchange& exchange) {
    auto answered = answer(exchange);
    return answered ? *std::move(answered) : aws_refusal(exchange, answered.error());
}

}  // namespace hearth::sandbox
