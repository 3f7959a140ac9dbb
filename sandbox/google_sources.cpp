#include "sandbox/google_sources.hpp"

#include "sandbox/encoding.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;
using Made = std::expected<object, std::string>;

Made file_source(const object& wish) {
    const auto file = text_in(wish, "file");
    if (file.empty()) return std::unexpected("the source 'file' needs 'file'");
    return object{{"file", file}};
}

Made url_source(const State& state, const object& wish, std::string_view audience) {
    const bool json = text_in(wish, "format") == "json";
    return object{{"url", state.settings.origin + "/_sandbox/google/subject?audience=" +
                              percent_encode(audience) + (json ? "&format=json" : "")},
                  {"headers", {{"X-Sandbox-Subject", state.google.subject_key}}}};
}

Made aws_source(const State& state) {
    const std::string& origin = state.settings.origin;
    return object{
        {"environment_id", "aws1"},
        {"region_url", origin + "/latest/meta-data/placement/availability-zone"},
        {"url", origin + "/latest/meta-data/iam/security-credentials"},
        {"imdsv2_session_token_url", origin + "/latest/api/token"},
        {"regional_cred_verification_url",
         "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}};
}

Made executable_source(const object& wish) {
    const auto command = text_in(wish, "command");
    if (command.empty()) return std::unexpected("the source 'executable' needs 'command'");
    object program{{"command", command},
                   {"timeout_millis", number_in(wish, "timeout_millis").value_or(30000)}};
    const auto output = text_in(wish, "output_file");
    if (!output.empty()) program["output_file"] = output;
    return object{{"executable", std::move(program)}};
}

Made source_of(const std::string& kind, const State& state, const object& wish,
               std::string_view audience) {
    if (kind.empty() || kind == "file") return file_source(wish);
    if (kind == "url") return url_source(state, wish, audience);
    if (kind == "aws") return aws_source(state);
    if (kind == "executable") return executable_source(wish);
    return std::unexpected("there is no source '" + kind + "'");
}

}  // namespace

Made credential_source(const State& state, const object& wish, std::string_view audience) {
    auto source = source_of(text_in(wish, "source"), state, wish, audience);
    const bool formatted = source && (source->contains("url") || source->contains("file")) &&
                           !source->contains("environment_id");
    if (formatted && text_in(wish, "format") == "json")
        (*source)["format"] = object{{"type", "json"}, {"subject_token_field_name", "id_token"}};
    return source;
}

}  // namespace hearth::sandbox
