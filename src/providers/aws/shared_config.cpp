#include "providers/aws/shared_config.hpp"

#include <set>
#include <utility>

#include "core/try.hpp"
#include "providers/aws/plain_values.hpp"

namespace hearth::providers::aws {
namespace {

const Sections::value_type* entry_in(const Sections& sections, std::string_view name) {
    const auto found = sections.find(name);
    return found == sections.end() ? nullptr : &*found;
}

SharedPlace place(const std::string& named, std::string_view variable, std::string_view usual,
                  std::string_view home) {
    if (named.empty()) return {.path = expand_home(usual, home), .named_by = {}};
    return {.path = expand_home(named, home), .named_by = std::string(variable)};
}

Result<SharedFile> parse_text(const SharedText& file, SharedFileKind kind) {
    const auto& [path, named_by] = file.place;
    if (file.text) return parse_shared_file(file.text->reveal(), path, kind);
    if (named_by.empty()) return parse_shared_file({}, path, kind);
    return std::unexpected(Error{Remedy::usage, named_by + " names a file that is not there",
                                 "make it name one that is, or unset it"});
}

std::string spot(const std::string& path, std::size_t line) {
    return line == 0 ? path : path + ":" + std::to_string(line);
}

}  // namespace

SharedPlaces shared_places(const Variables& variables, std::string_view home) {
    return {.config = place(variables.config_file, "AWS_CONFIG_FILE", "~/.aws/config", home),
            .credentials = place(variables.credentials_file, "AWS_SHARED_CREDENTIALS_FILE",
                                 "~/.aws/credentials", home)};
}

std::string expand_home(std::string_view path, std::string_view home) {
    const bool below = path == "~" || path.starts_with("~/");
    return below ? std::string(home) + std::string(path.substr(1)) : std::string(path);
}

SharedSection::Found SharedSection::find(std::string_view key) const {
    for (const auto& [section, file] :
         {std::pair(credentials_, credentials_file_), std::pair(config_, config_file_)}) {
        if (section == nullptr) continue;
        const auto found = section->properties.find(key);
        if (found != section->properties.end()) return {.property = &found->second, .file = file};
    }
    return {};
}

bool SharedSection::has(std::string_view key) const {
    const auto found = find(key);
    return found.property != nullptr && !found.property->value.empty();
}

std::string SharedSection::text(std::string_view key) const {
    const auto found = find(key);
    return found.property == nullptr ? std::string() : found.property->value.text;
}

Secret SharedSection::secret(std::string_view key) const {
    const auto found = find(key);
    return found.property == nullptr ? Secret() : found.property->value.secret.clone();
}

std::string SharedSection::part(std::string_view key, std::string_view name) const {
    const auto found = find(key);
    if (found.property == nullptr) return {};
    const auto value = found.property->parts.find(name);
    return value == found.property->parts.end() ? std::string() : value->second.text;
}

Result<std::optional<bool>> SharedSection::flag(std::string_view key) const {
    if (!has(key)) return std::nullopt;
    if (const auto value = plain_flag(text(key))) return value;
    return wrong(key, std::string(key) + " is neither true nor false", "write true or false");
}

Result<std::optional<std::int64_t>> SharedSection::number(std::string_view key, Range range) const {
    if (!has(key)) return std::nullopt;
    const auto value = plain_number(text(key));
    if (value && *value >= range.least && *value <= range.most) return value;
    return wrong(key,
                 std::string(key) + " is not a whole number from " + std::to_string(range.least) +
                     " to " + std::to_string(range.most),
                 "write one");
}

std::string SharedSection::at(std::string_view key) const {
    const auto found = find(key);
    if (found.property != nullptr) return spot(found.file->path, found.property->value.line);
    if (config_ != nullptr) return spot(config_file_->path, config_->line);
    if (credentials_ == nullptr) return {};
    return spot(credentials_file_->path, credentials_->line);
}

std::unexpected<Error> SharedSection::wrong(std::string_view key, std::string_view what,
                                            std::string_view hint) const {
    return std::unexpected(
        Error{Remedy::usage, at(key) + ": " + std::string(what), std::string(hint)});
}

SharedSection SharedSection::only(SharedFileKind kind) const {
    const bool config = kind == SharedFileKind::config;
    return {name_, config_file_, config ? config_ : nullptr, credentials_file_,
            config ? nullptr : credentials_};
}

Result<SharedConfig> SharedConfig::parse(const SharedText& config, const SharedText& credentials) {
    SharedConfig parsed;
    parsed.config_ = HEARTH_TRY(parse_text(config, SharedFileKind::config));
    parsed.credentials_ = HEARTH_TRY(parse_text(credentials, SharedFileKind::credentials));
    return parsed;
}

void SharedConfig::add(const std::string& name, Section section, std::string place) {
    added_.path = std::move(place);
    added_.profiles.insert_or_assign(name, std::move(section));
}

std::optional<SharedSection> SharedConfig::profile(std::string_view name) const {
    if (const auto* const added = entry_in(added_.profiles, name))
        return SharedSection(added->first, &added_, &added->second, &credentials_, nullptr);
    const auto* const config = entry_in(config_.profiles, name);
    const auto* const credentials = entry_in(credentials_.profiles, name);
    if (config == nullptr && credentials == nullptr) return {};
    return SharedSection((config == nullptr ? credentials : config)->first, &config_,
                         config == nullptr ? nullptr : &config->second, &credentials_,
                         credentials == nullptr ? nullptr : &credentials->second);
}

std::optional<SharedSection> SharedConfig::of_config(const Sections& sections,
                                                     std::string_view name) const {
    const auto* const entry = entry_in(sections, name);
    if (entry == nullptr) return {};
    return SharedSection(entry->first, &config_, &entry->second, &credentials_, nullptr);
}

std::optional<SharedSection> SharedConfig::sso_session(std::string_view name) const {
    return of_config(config_.sso_sessions, name);
}

std::optional<SharedSection> SharedConfig::services(std::string_view name) const {
    return of_config(config_.services, name);
}

std::vector<std::string> SharedConfig::profile_names() const {
    std::set<std::string> names;
    for (const auto* file : {&config_, &credentials_})
        for (const auto& [name, section] : file->profiles) names.insert(name);
    return {names.begin(), names.end()};
}

std::vector<std::string> SharedConfig::notes() const {
    auto notes = config_.notes;
    notes.insert(notes.end(), credentials_.notes.begin(), credentials_.notes.end());
    return notes;
}

}  // namespace hearth::providers::aws
