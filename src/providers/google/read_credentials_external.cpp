#include <algorithm>
#include <utility>

#include "core/try.hpp"
#include "core/url.hpp"
#include "providers/google/read_credentials.hpp"

namespace hearth::providers::google {
namespace {

constexpr const char* source_member = "credential_source";
constexpr std::string_view workforce_pools = "/workforcePools/";

// RFC 9110 section 5.1.
bool header_name(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.contains(c);
    });
}
bool header_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

Result<SubjectFormat> read_format(const FileMembers& source) {
    const auto format = source.inner("format");
    const auto type = HEARTH_TRY(format.text("type"));
    if (type.empty() || type == "text") return SubjectFormat{};
    if (type != "json")
        return std::unexpected(
            format.wrong("type", "is neither text nor json", "mend it in the file"));
    return SubjectFormat{.field = HEARTH_TRY(format.needed("subject_token_field_name"))};
}

// Where a subject token or a key of the machine is asked for.
Result<std::string> source_url(const FileMembers& source, std::string_view name) {
    auto url = HEARTH_TRY(source.needed(name));
    const auto parsed = Url::parse(url);
    if (!parsed)
        return std::unexpected(
            source.wrong(name, "is " + parsed.error().what, parsed.error().hint));
    if (parsed->secure() || parsed->loopback() || parsed->machine_service()) return url;
    auto error = source.wrong(name, "is plain http on " + parsed->host(),
                              "use https; plain http is for this machine and its metadata");
    error.remedy = Remedy::refused;
    return std::unexpected(std::move(error));
}

Result<SubjectSource> read_url_source(const FileMembers& source) {
    UrlSource read;
    read.url = HEARTH_TRY(source_url(source, "url"));
    const auto headers = source.inner("headers");
    for (const auto& name : headers.object().names()) {
        auto value = HEARTH_TRY(headers.needed_secret(name));
        if (!header_name(name) || !header_value(value.reveal()))
            return std::unexpected(
                source.wrong("headers", "has one that is no header line", "mend it in the file"));
        read.headers.emplace_back(name, std::move(value));
    }
    read.format = HEARTH_TRY(read_format(source));
    return read;
}

Result<SubjectSource> read_executable_source(const FileMembers& source) {
    const auto executable = source.inner("executable");
    ExecutableSource read;
    read.command = HEARTH_TRY(executable.needed("command"));
    read.timeout = Span(HEARTH_TRY(executable.number("timeout_millis", 5'000, 120'000, 30'000)));
    HEARTH_CHECK(executable.number("interactive_timeout_millis", 30'000, 1'800'000, 30'000));
    read.output_file = HEARTH_TRY(executable.path("output_file"));
    return read;
}

// The metadata of an instance of AWS, and nobody else, is asked for its keys.
Result<std::string> machine_url(const FileMembers& source, std::string_view name) {
    auto url = HEARTH_TRY(source.text(name));
    if (url.empty()) return url;
    const auto parsed = Url::parse(url);
    if (parsed && (parsed->loopback() || parsed->machine_service())) return url;
    auto error = source.wrong(name, "is no address of an instance's metadata",
                              "AWS's is http://169.254.169.254");
    error.remedy = Remedy::refused;
    return std::unexpected(std::move(error));
}

// Who can redeem what is signed for it, which goes to Google.
Result<> check_verification(const FileMembers& source, const std::string& url) {
    constexpr const char* name = "regional_cred_verification_url";
    constexpr std::string_view region = "{region}";
    auto filled = url;
    for (auto at = filled.find(region); at != std::string::npos; at = filled.find(region))
        filled.replace(at, region.size(), "us-east-1");
    const auto parsed = Url::parse(filled);
    const auto of_aws = [](std::string_view host) {
        return host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn") ||
               host.ends_with(".api.aws");
    };
    if (parsed && (parsed->loopback() || (parsed->secure() && of_aws(parsed->host())))) return {};
    auto error = source.wrong(name, "is no https address of AWS",
                              "AWS's is https://sts.{region}.amazonaws.com"
                              "?Action=GetCallerIdentity&Version=2011-06-15");
    error.remedy = Remedy::refused;
    return std::unexpected(std::move(error));
}

Result<SubjectSource> read_aws_source(const FileMembers& source) {
    if (HEARTH_TRY(source.text("environment_id")) != "aws1")
        return std::unexpected(
            source.wrong("environment_id", "is not aws1, which is the one that is known", ""));
    AwsSource read;
    read.region_url = HEARTH_TRY(machine_url(source, "region_url"));
    read.url = HEARTH_TRY(machine_url(source, "url"));
    read.imdsv2_session_token_url = HEARTH_TRY(machine_url(source, "imdsv2_session_token_url"));
    read.regional_cred_verification_url =
        HEARTH_TRY(source.needed("regional_cred_verification_url"));
    HEARTH_CHECK(check_verification(source, read.regional_cred_verification_url));
    return read;
}

Result<SubjectSource> read_certificate_source(const FileMembers& source) {
    const auto certificate = source.inner("certificate");
    const bool usual = certificate.object().flag("use_default_certificate_config");
    CertificateSource read;
    read.config_location = HEARTH_TRY(certificate.path("certificate_config_location"));
    if (usual == !read.config_location.empty())
        return std::unexpected(source.wrong(
            "certificate",
            "needs either use_default_certificate_config or certificate_config_location", ""));
    read.trust_chain_path = HEARTH_TRY(certificate.path("trust_chain_path"));
    return read;
}

Result<SubjectSource> read_file_source(const FileMembers& source) {
    FileSource read;
    HEARTH_CHECK(source.needed("file"));
    read.file = HEARTH_TRY(source.path("file"));
    read.format = HEARTH_TRY(read_format(source));
    return read;
}

Result<SubjectSource> read_source(const FileMembers& file) {
    const auto source = file.inner(source_member);
    const bool aws = source.has("environment_id");
    const int kinds = static_cast<int>(source.has("file")) +
                      static_cast<int>(source.has("url") && !aws) +
                      static_cast<int>(source.has("executable")) + static_cast<int>(aws) +
                      static_cast<int>(source.has("certificate"));
    if (kinds != 1)
        return std::unexpected(
            file.wrong(source_member, kinds == 0 ? "names no source" : "names several sources",
                       "it has one of file, url, executable, environment_id and certificate"));
    if (aws) return read_aws_source(source);
    if (source.has("url")) return read_url_source(source);
    if (source.has("executable")) return read_executable_source(source);
    if (source.has("certificate")) return read_certificate_source(source);
    return read_file_source(source);
}

std::string usual_token_url(const SubjectSource& source, const std::string& universe) {
    const bool mutual = std::holds_alternative<CertificateSource>(source);
    return std::string("https://sts.") + (mutual ? "mtls." : "") +
           (universe.empty() ? "googleapis.com" : universe) + "/v1/token";
}

}  // namespace

Result<Impersonation> read_impersonation(const FileMembers& file, std::string_view member) {
    constexpr std::string_view accounts = "/serviceAccounts/";
    constexpr std::string_view verb = ":generateAccessToken";
    Impersonation impersonation;
    impersonation.url = HEARTH_TRY(file.needed(member));
    HEARTH_CHECK(check_service_url(file.full_name(member), impersonation.url, file.rules()));
    const auto begin = impersonation.url.find(accounts);
    const auto end = impersonation.url.size() - std::min(verb.size(), impersonation.url.size());
    if (begin == std::string::npos || !impersonation.url.ends_with(verb) ||
        begin + accounts.size() >= end)
        return std::unexpected(file.wrong(
            member, "is no URL of the shape …/serviceAccounts/EMAIL:generateAccessToken", ""));
    return impersonation;
}

Result<ExternalAccount> read_external_account(const FileMembers& file,
                                              const std::string& universe_domain) {
    constexpr const char* impersonation_url = "service_account_impersonation_url";
    ExternalAccount account;
    account.audience = HEARTH_TRY(file.needed("audience"));
    account.subject_token_type = HEARTH_TRY(file.needed("subject_token_type"));
    account.source = HEARTH_TRY(read_source(file));
    account.token_url =
        HEARTH_TRY(file.service("token_url", usual_token_url(account.source, universe_domain)));
    account.token_info_url = HEARTH_TRY(file.service("token_info_url", ""));
    account.client_id = HEARTH_TRY(file.text("client_id"));
    account.client_secret = HEARTH_TRY(file.secret("client_secret"));
    account.workforce_pool_user_project = HEARTH_TRY(file.text("workforce_pool_user_project"));
    if (!account.workforce_pool_user_project.empty() && !account.audience.contains(workforce_pools))
        return std::unexpected(file.wrong("workforce_pool_user_project",
                                          "is for workforce pools, and audience names none", ""));
    if (file.object().text(impersonation_url).empty()) return account;
    account.impersonation = HEARTH_TRY(read_impersonation(file, impersonation_url));
    account.impersonation->lifetime =
        std::chrono::seconds(HEARTH_TRY(file.inner("service_account_impersonation")
                                            .number("token_lifetime_seconds", 600, 43'200, 3'600)));
    return account;
}

}  // namespace hearth::providers::google
