#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "cli/escape.hpp"
#include "cli/own_file.hpp"
#include "cli/project.hpp"

namespace hearth::cli {
namespace {

constexpr std::string_view file_name = "/.hearth.toml";
constexpr std::size_t size_limit = 64UL * 1024;

struct FreeMemory {
    void operator()(char* memory) const noexcept { std::free(memory); }  // NOLINT
};
using Path = std::unique_ptr<char, FreeMemory>;

std::optional<std::string> working_folder() {
    const Path path(::getcwd(nullptr, 0));
    if (!path || *path != '/') return std::nullopt;
    return path.get();
}

bool same_folder(const std::string& path, const struct stat& folder) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 && facts.st_ino == folder.st_ino &&
           facts.st_dev == folder.st_dev;
}

}  // namespace

std::optional<Project> project_in(const std::string& folder) {
    const std::string path = (folder == "/" ? "" : folder) + std::string(file_name);
    struct stat facts{};
    // A folder into which one may not look has nothing to say.
    if (::lstat(path.c_str(), &facts) != 0) return std::nullopt;
    Project project;
    project.folder = folder;
    if (auto file = own_file(path, size_limit)) {
        project.text = std::move(file->text);
        project.problem = std::move(file->problem);
    } else {
        project.problem = "cannot be read";
    }
    if (!is_utf8(folder)) {
        project.folder = escaped(folder);
        project.problem = "lies in a folder whose path is not UTF-8";
    }
    return project;
}

std::optional<Project> project_here(const Environment& environment) {
    auto folder = working_folder();
    if (!folder) return std::nullopt;
    struct stat home{};
    const auto home_path = environment("HOME");
    const bool has_home = home_path && ::stat(home_path->c_str(), &home) == 0;
    for (;;) {
        if (auto found = project_in(*folder)) return found;
        if (*folder == "/" || (has_home && same_folder(*folder, home))) return std::nullopt;
        const auto slash = folder->rfind('/');
        folder = slash == 0 ? "/" : folder->substr(0, slash);
    }
}

std::string whole_path(const std::string& path) {
    const Path whole(::realpath(path.c_str(), nullptr));
    if (whole) return whole.get();
    const auto from = working_folder();
    std::string text = path.starts_with('/') || !from ? path : *from + "/" + path;
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
}

void offer(const Project& project, Request& request) {
    request.text("project", project.folder);
    if (!project.problem.empty()) {
        request.text("project_problem", project.problem);
    } else {
        request.secret("project_text", project.text);
    }
}

}  // namespace hearth::cli
