#include "composition/aws_material.hpp"

#include <utility>

#include "composition/whole_file.hpp"
#include "core/try.hpp"

namespace hearth::composition {
namespace {

// In a program that `hearth exec` started, the container's address is hearth's own.
constexpr std::string_view inside_exec = "HEARTH_EXEC";

}  // namespace

Result<Secret> AwsMaterial::file(const std::string& path, std::size_t limit) {
    auto content = HEARTH_TRY(whole_file(path, limit));
    if (content) return *std::move(content);
    return std::unexpected(
        Error{Remedy::failed, path + " is not there", "what writes this file has to run"});
}

Result<providers::aws::Variables> AwsMaterial::variables() {
    auto variables = HEARTH_TRY(providers::aws::read_variables(environment_));
    variables.keys = {};
    variables.profile.clear();
    variables.profile_by.clear();
    variables.bedrock_bearer_token = Secret();
    if (environment_(inside_exec)) variables.container = {};
    return variables;
}

std::string AwsMaterial::home() { return environment_("HOME").value_or(""); }

std::string AwsMaterial::stamp(const std::string& path) { return file_stamp(path); }

Result<std::optional<Secret>> AwsMaterial::shared_file(const std::string& path, std::size_t limit) {
    return whole_file(path, limit);
}

}  // namespace hearth::composition
