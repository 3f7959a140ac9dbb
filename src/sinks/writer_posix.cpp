#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "sinks/netrc.hpp"
#include "sinks/writer.hpp"
#include "system/files.hpp"

namespace hearth::sinks {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20;
constexpr unsigned private_file = 0600;
constexpr unsigned private_folder = 0700;
constexpr unsigned open_file = 0644;
constexpr unsigned open_folder = 0755;

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

// The folder, and those above it that are missing; one that is there stays as it is.
Result<> make_folders(const std::string& path, unsigned mode) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) == 0) {
        if (S_ISDIR(facts.st_mode)) return {};
        return std::unexpected(Error{Remedy::failed, path + " is not a folder", "move it away"});
    }
    if (path.size() > 1) HEARTH_CHECK(make_folders(folder_of(path), mode));
    if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
    return std::unexpected(system_error("create the folder " + path));
}

Result<bool> put(const std::string& path, std::string_view bytes, unsigned mode) {
    const auto kept = HEARTH_TRY(system::read_secret_file(path, most_bytes));
    struct stat facts{};
    const bool same = kept && kept->reveal() == bytes && ::lstat(path.c_str(), &facts) == 0 &&
                      (facts.st_mode & 07777U) == mode;
    if (same) return false;
    HEARTH_CHECK(system::atomic_write(path, bytes, mode));
    return true;
}

Result<bool> take_away(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return false;
    HEARTH_CHECK(system::remove_file(path));
    return true;
}

Result<bool> write_file(const SinkSettings& sink, std::string_view bytes) {
    HEARTH_CHECK(make_folders(folder_of(sink.path), private_folder));
    return put(sink.path, bytes, sink.mode);
}

Result<bool> edit_netrc(const SinkSettings& sink, const Secret* password) {
    const auto kept = HEARTH_TRY(system::read_secret_file(sink.path, most_bytes));
    if (!kept && password == nullptr) return false;
    const auto text = kept ? kept->reveal() : std::string_view();
    const auto edited = password == nullptr ? without_entry(text, sink.machine, sink.login)
                                            : with_entry(text, {.machine = sink.machine,
                                                                .login = sink.login,
                                                                .password = password->reveal()});
    return write_file(sink, edited.reveal());
}

struct AnthropicFiles {
    std::string config;
    std::string credentials;
};

AnthropicFiles anthropic_files(const SinkSettings& sink) {
    const auto& name = sink.known_as.empty() ? sink.name.text() : sink.known_as;
    return {.config = sink.path + "/configs/" + name + ".json",
            .credentials = sink.path + "/credentials/" + name + ".json"};
}

// Anthropic's SDKs refuse a secret that others may read, and want the rest to be readable.
Result<bool> write_anthropic(const SinkSettings& sink, const Handout& handout) {
    if (handout.api_key)
        return std::unexpected(
            Error{Remedy::usage,
                  "profile '" + handout.profile +
                      "' holds an API key, and a file of "
                      "Anthropic's SDKs an access token",
                  "give the key as ANTHROPIC_API_KEY, or use a sink of another kind"});
    const auto files = anthropic_files(sink);
    HEARTH_CHECK(make_folders(folder_of(files.config), open_folder));
    HEARTH_CHECK(make_folders(folder_of(files.credentials), private_folder));
    if (const auto kept = HEARTH_TRY(system::read_secret_file(files.config, most_bytes)))
        HEARTH_CHECK(may_replace_anthropic_config(kept->reveal(), files.config));
    const auto credentials = anthropic_credentials(handout);
    // The credential first: a profile that is announced has one.
    const bool changed = HEARTH_TRY(put(files.credentials, credentials.reveal(), private_file));
    const bool announced = HEARTH_TRY(put(files.config, anthropic_config(handout), open_file));
    return changed || announced;
}

struct CloseFolder {
    void operator()(DIR* folder) const { (void)::closedir(folder); }
};

std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
    if (!folder) return names;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is this thread's own.
    while (const auto* const entry = ::readdir(folder.get())) {
        const std::string name(static_cast<const char*>(entry->d_name));
        if (name != "." && name != "..") names.push_back(name);
    }
    return names;
}

constexpr std::string_view generation_prefix = "..generation.";

std::string path_in(const std::string& folder, std::string_view name) {
    std::string path = folder;
    return path.append("/").append(name);
}

// Those that no link leads to any more, and what a failure left behind.
void remove_generations(const std::string& folder, std::string_view except) {
    for (const auto& generation : names_in(folder)) {
        if (!generation.starts_with(generation_prefix) || generation == except) continue;
        const auto path = path_in(folder, generation);
        for (const auto& name : names_in(path)) (void)::unlink(path_in(path, name).c_str());
        (void)::rmdir(path.c_str());
    }
}

std::string target_of(const std::string& link) {
    std::string target(4096, '\0');
    const auto size = ::readlink(link.c_str(), target.data(), target.size());
    target.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return target;
}

// Puts a symbolic link where nothing or another link is, at once.
Result<> point(const std::string& link, const std::string& target) {
    if (target_of(link) == target) return {};
    const auto beside = link + "_tmp";
    (void)::unlink(beside.c_str());
    if (::symlink(target.c_str(), beside.c_str()) != 0 ||
        ::rename(beside.c_str(), link.c_str()) != 0)
        return std::unexpected(system_error("put the link " + link + " in place"));
    return {};
}

std::vector<std::pair<std::string, std::string_view>> folder_files(const Handout& handout,
                                                                   std::string& expires_at) {
    std::vector<std::pair<std::string, std::string_view>> files{
        {"token", handout.token.reveal()},
        {"token_type", handout.api_key ? "x-api-key" : "Bearer"}};
    if (handout.expires_at) {
        expires_at = to_rfc3339(*handout.expires_at);
        files.emplace_back("expires_at", expires_at);
    }
    return files;
}

// Kubernetes' way: each generation is a folder of its own, `..data` leads to the one that counts,
// and the files' names lead through it, so that a reader never sees two generations mixed.
Result<bool> write_folder(const SinkSettings& sink, const Handout& handout) {
    HEARTH_CHECK(make_folders(sink.path, private_folder));
    const auto data = sink.path + "/..data";
    const auto kept = HEARTH_TRY(system::read_secret_file(data + "/token", most_bytes));
    if (kept && same_secret(*kept, handout.token)) return false;
    auto generation = path_in(sink.path, generation_prefix).append("XXXXXX");
    if (::mkdtemp(generation.data()) == nullptr)
        return std::unexpected(system_error("create a folder in " + sink.path));
    std::string expires_at;
    const auto files = folder_files(handout, expires_at);
    for (const auto& [name, content] : files)
        HEARTH_CHECK(system::atomic_write(path_in(generation, name), content, sink.mode));
    // Those who may read the files must get at them.
    const bool others = (sink.mode & 0077U) != 0;
    if (others && ::chmod(generation.c_str(), open_folder) != 0)
        return std::unexpected(system_error("open the folder " + generation));
    const auto current = generation.substr(sink.path.size() + 1);
    HEARTH_CHECK(point(data, current));
    for (const auto& [name, content] : files)
        HEARTH_CHECK(point(sink.path + "/" + name, "..data/" + name));
    HEARTH_CHECK(system::sync_folder(sink.path));
    remove_generations(sink.path, current);
    return true;
}

Result<bool> clear_folder(const SinkSettings& sink) {
    const auto data = sink.path + "/..data";
    remove_generations(sink.path, target_of(data));
    if (target_of(data).empty()) return false;
    for (const auto& name : {"token", "token_type", "expires_at"})
        (void)::unlink((sink.path + "/" + name).c_str());
    if (::unlink(data.c_str()) != 0) return std::unexpected(system_error("remove " + data));
    remove_generations(sink.path, {});
    return true;
}

}  // namespace

Result<bool> write(const SinkSettings& sink, const Handout& handout) {
    switch (sink.kind) {
        case SinkKind::token:
            return write_file(sink, handout.token.reveal());
        case SinkKind::json: {
            const auto content = json_content(handout);
            return write_file(sink, content.reveal());
        }
        case SinkKind::netrc:
            HEARTH_CHECK(
                check_netrc_word("the token of " + handout.profile, handout.token.reveal()));
            return edit_netrc(sink, &handout.token);
        case SinkKind::folder:
            return write_folder(sink, handout);
        case SinkKind::anthropic:
            return write_anthropic(sink, handout);
    }
    std::unreachable();
}

Result<bool> clear(const SinkSettings& sink) {
    switch (sink.kind) {
        case SinkKind::token:
        case SinkKind::json:
            return take_away(sink.path);
        case SinkKind::netrc:
            return edit_netrc(sink, nullptr);
        case SinkKind::folder:
            return clear_folder(sink);
        case SinkKind::anthropic:
            return take_away(anthropic_files(sink).credentials);
    }
    std::unreachable();
}

}  // namespace hearth::sinks
