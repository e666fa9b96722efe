/* @name: x */ SELECT E'\n', "q", :p, 1d12h, x::DECIMAL(10,2)[1] FROM kafka://h/t -- @alert: a > 5 %
