#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "stores/document_files.hpp"

namespace hearth::testing {

// Files in a map. A crash can be put before or after the change that comes next but `n`: from then
// on nothing works, as for a process that is gone, until `restart`.
class FakeDocumentFiles : public stores::DocumentFiles {
  public:
    enum class Crash { before, after };

    std::map<std::string, std::string> contents;
    std::set<std::string> open_to_others;
    std::map<int, std::string> descriptors;
    std::optional<Error> broken;

    void crash(Crash crash, int changes) {
        crash_ = crash;
        until_crash_ = changes;
    }
    // Whether it had crashed.
    bool restart() {
        until_crash_.reset();
        return std::exchange(dead_, false);
    }

    Result<> ensure_folder(const std::string& folder) override {
        return change([&] { folders_.insert(folder); });
    }
    Result<std::optional<Secret>> read(const std::string& path, std::size_t limit) override {
        const std::scoped_lock guard(mutex_);
        if (dead_ || broken) return std::unexpected(failure());
        const auto found = contents.find(path);
        if (found == contents.end()) return std::nullopt;
        if (found->second.size() > limit) return std::unexpected(Error{Remedy::failed, "long", ""});
        return Secret(found->second);
    }
    Result<std::optional<Secret>> read_private(const std::string& path,
                                               std::size_t limit) override {
        if (open_to_others.contains(path)) {
            return std::unexpected(Error{Remedy::failed, path + " is open to others", "chmod 600"});
        }
        return read(path, limit);
    }
    Result<> write(const std::string& path, std::string_view bytes) override {
        return change([&] { contents[path] = bytes; });
    }
    Result<bool> create(const std::string& path, std::string_view bytes) override {
        bool made = false;
        const auto changed = change([&] { made = contents.emplace(path, bytes).second; });
        if (!changed) return std::unexpected(changed.error());
        return made;
    }
    Result<> remove(const std::string& path) override {
        return change([&] { contents.erase(path); });
    }
    Result<std::vector<std::string>> names(const std::string& folder) override {
        const std::scoped_lock guard(mutex_);
        if (dead_ || broken) return std::unexpected(failure());
        std::vector<std::string> names;
        for (const auto& [path, content] : contents) {
            if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
        }
        return names;
    }
    Result<Secret> drain(int descriptor, std::size_t /*limit*/) override {
        const auto found = descriptors.extract(descriptor);
        if (found.empty()) return std::unexpected(Error{Remedy::failed, "bad descriptor", ""});
        return Secret(found.mapped());
    }

  private:
    [[nodiscard]] Error failure() const {
        return broken.value_or(Error{Remedy::failed, "the process is gone", ""});
    }
    Result<> change(auto&& apply) {
        const std::scoped_lock guard(mutex_);
        if (dead_ || broken) return std::unexpected(failure());
        const bool now = until_crash_ && (*until_crash_)-- == 0;
        if (!now || crash_ == Crash::after) apply();
        dead_ = now;
        if (now) return std::unexpected(failure());
        return {};
    }

    std::mutex mutex_;
    std::set<std::string> folders_;
    Crash crash_ = Crash::before;
    std::optional<int> until_crash_;
    bool dead_ = false;
};

}  // namespace hearth::testing
