#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/credential_helper.hpp"
#include "cli/google_executable.hpp"
#include "cli/min_ttl.hpp"
#include "cli/own_credential.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

// What is printed of a credential: `name` of the agent's answer under the name that others know.
struct Part {
    std::string_view name;
    std::string_view known_as;
};

constexpr std::array aws_variables{
    Part{"access_key_id", "AWS_ACCESS_KEY_ID"}, Part{"secret_access_key", "AWS_SECRET_ACCESS_KEY"},
    Part{"session_token", "AWS_SESSION_TOKEN"}, Part{"expires_at", "AWS_CREDENTIAL_EXPIRATION"}};
constexpr std::array aws_members{
    Part{"access_key_id", "AccessKeyId"}, Part{"secret_access_key", "SecretAccessKey"},
    Part{"session_token", "SessionToken"}, Part{"expires_at", "Expiration"}};

enum class Form : std::uint8_t { json, env, aws_process, aws_export, google_executable };
constexpr std::array<std::string_view, 5> form_names{"json", "env", "aws-process", "aws-export",
                                                     "google-executable"};

constexpr std::array options{
    Option{"--format", "FORMAT",
           "json, env, aws-process, aws-export or google-executable; json unless given"},
    min_ttl_option, json_option};

struct CredentialsArguments {
    ProfileName profile;
    Form form{};
    std::optional<std::chrono::seconds> min_ttl;
};

Result<CredentialsArguments> parse(const Arguments& arguments) {
    const auto min_ttl = HEARTH_TRY(min_ttl_of(arguments));
    const auto profile = HEARTH_TRY(profile_operand(arguments));
    const auto named = arguments.value("--format").value_or(form_names.front());
    const auto* const form = std::ranges::find(form_names, named);
    if (form == form_names.end())
        return std::unexpected(Error{Remedy::usage,
                                     "there is no format '" + std::string(named) + "'",
                                     "the formats are: json, env, aws-process, aws-export, "
                                     "google-executable"});
    return CredentialsArguments{.profile = profile,
                                .form = static_cast<Form>(form - form_names.begin()),
                                .min_ttl = min_ttl};
}

std::unexpected<Error> not_in_this_form(std::string what, std::string hint) {
    return std::unexpected(Error{Remedy::usage, std::move(what), std::move(hint)});
}

// As a shell takes it: what has no meaning to it stands as it is.
void append_word(SecretBuilder& text, std::string_view word) {
    constexpr std::string_view harmless =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+=_-.:,@%";
    if (word.find_first_not_of(harmless) == std::string_view::npos) {
        text.append(word);
        return;
    }
    text.append("'");
    for (const char c : word) text.append(c == '\'' ? R"('\'')" : std::string_view(&c, 1));
    text.append("'");
}

void append_export(SecretBuilder& text, std::string_view variable, std::string_view value) {
    text.append("export ").append(variable).append("=");
    append_word(text, value);
    text.append("\n");
}

Result<Secret> aws_exports(const JsonView& body) {
    SecretBuilder text;
    for (const auto& [name, variable] : aws_variables) {
        const auto value = body[name].secret();
        if (!value.empty()) append_export(text, variable, value.reveal());
    }
    return text.take();
}

// The variables by which programs of this provider are given such a credential.
Result<Secret> token_export(std::string_view provider, bool key, const Secret& token) {
    SecretBuilder text;
    if (provider == "claude") {
        append_export(text, key ? "ANTHROPIC_API_KEY" : "ANTHROPIC_AUTH_TOKEN", token.reveal());
        return text.take();
    }
    if (provider != "google")
        return not_in_this_form("no program reads this profile's token from a variable",
                                "hearth token, or --format json");
    // gcloud reads the first, and Terraform the second.
    for (const auto* variable : {"CLOUDSDK_AUTH_ACCESS_TOKEN", "GOOGLE_OAUTH_ACCESS_TOKEN"})
        append_export(text, variable, token.reveal());
    return text.take();
}

Result<Secret> exports(const JsonView& body) {
    const auto kind = body["kind"].text();
    if (kind == "aws") return aws_exports(body);
    return token_export(body["provider"].text(), kind == "api_key", body["token"].secret());
}

// `{"Version":1,…}`, or the same without it inside "Credentials".
Result<Secret> aws_document(const JsonView& body, bool wrapped) {
    if (body["kind"].text() != "aws")
        return not_in_this_form("this format is for keys of AWS, and the profile has none",
                                "--format json");
    SecretBuilder text;
    text.append(wrapped ? R"({"Credentials":{)" : R"({"Version":1,)");
    bool first = true;
    for (const auto& [name, member] : aws_members) {
        const auto value = body[name].secret();
        if (value.empty()) continue;
        if (!first) text.append(",");
        first = false;
        append_quoted(text, member);
        text.append(":");
        append_quoted(text, value.reveal());
    }
    text.append(wrapped ? "}}\n" : "}\n");
    return text.take();
}

Result<Secret> as_text(const JsonView& body, Form form) {
    if (form == Form::env) return exports(body);
    return aws_document(body, form == Form::aws_export);
}

Result<> print_own(Terminal& terminal, const OwnCredential& own, Form form) {
    const bool key = own.source->kind == Credential::Kind::api_key;
    if (form == Form::env) {
        const auto text = HEARTH_TRY(token_export(own.source->provider, key, own.token));
        terminal.out(text.reveal());
        return {};
    }
    if (form != Form::json)
        return not_in_this_form(
            "this format is for keys of AWS, and " + std::string(own.source->name) + " holds none",
            "--format json");
    JsonLine line;
    line.text("kind", key ? "api_key" : "bearer").json("expires_at", "null");
    line.text("source", own.source->name).secret("token", own.token);
    SecretBuilder whole;
    whole.append(line.head()).append(line.tail());
    terminal.out(whole.reveal());
    return {};
}

Result<HelperAnswer> ask(const CredentialsArguments& arguments, Invocation& invocation) {
    Request request("credentials");
    request.text("profile", arguments.profile.text());
    if (arguments.min_ttl) request.number("min_ttl", arguments.min_ttl->count());
    offer(invocation, request);
    return ask_with_helper(invocation, request, arguments.profile.text());
}

Result<> run(const CredentialsArguments& arguments, Invocation& invocation) {
    const auto answer = HEARTH_TRY(ask(arguments, invocation));
    if (const auto own = HEARTH_TRY(own_credential(invocation, answer.message))) {
        HEARTH_CHECK(print_own(invocation.terminal, *own, arguments.form));
    } else if (arguments.form == Form::json) {
        print_json(invocation.terminal, answer.message);
    } else {
        const auto text = HEARTH_TRY(as_text(answer.message.body, arguments.form));
        invocation.terminal.out(text.reveal());
    }
    if (answer.refresh) run_helper_behind(arguments.profile.text());
    return {};
}

Result<> print_for_google(const CredentialsArguments& arguments, Invocation& invocation) {
    const auto answer = HEARTH_TRY(ask(arguments, invocation));
    const auto& body = answer.message.body;
    const auto own = HEARTH_TRY(own_credential(invocation, answer.message));
    std::optional<Instant> expires_at;
    if (const auto told = parse_rfc3339(body["expires_at"].text()); told) expires_at = *told;
    const auto token = own ? own->token.clone() : body["token"].secret();
    const auto document = HEARTH_TRY(google_executable_document(
        token, expires_at,
        invocation.environment("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE").value_or("")));
    invocation.terminal.out(document.reveal());
    if (answer.refresh) run_helper_behind(arguments.profile.text());
    return {};
}

// Google's library for Python reads standard error together with the document, and nobody is there
// to be asked.
ExitStatus run_for_google(const CredentialsArguments& arguments, Invocation& invocation) {
    Terminal::hush();
    invocation.non_interactive = true;
    const auto printed = print_for_google(arguments, invocation);
    if (printed) return invocation.terminal.end();
    invocation.terminal.out(google_executable_failure(printed.error()).reveal());
    return exit_status(printed.error().remedy);
}

ExitStatus run_in_form(const Arguments& arguments, Invocation& invocation) {
    const auto parsed = parse(arguments);
    if (parsed && parsed->form == Form::google_executable)
        return run_for_google(*parsed, invocation);
    return run_with(arguments, invocation, parse, run);
}

}  // namespace

constexpr Command credentials_command{
    .name = "credentials",
    .summary = "print a credential in a form that other programs read",
    .grammar = {.operands = "[PROFILE]",
                .least = 1,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Prints a fresh credential, all of it, in one of these formats:\n"
        "  json         its parts, with the names that hearth gives them\n"
        "  env          lines that a shell evaluates\n"
        "  aws-process  what credential_process of AWS's config file wants\n"
        "  aws-export   the same as the token service has it, for awsCredentialExport\n"
        "  google-executable  what an external_account file's executable prints: a token that is\n"
        "               a JWT, or why there is none, and nothing on standard error\n"
        "Keys of AWS have more than 16 minutes left wherever their source gives that.",
    .examples =
        "credential_process = hearth credentials work-bedrock --format aws-process\n"
        "eval \"$(hearth credentials work-bedrock --format env)\"",
    .run = run_in_form};

}  // namespace hearth::cli
